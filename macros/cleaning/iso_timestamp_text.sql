{#-
    A date or timestamp text in ISO order: 2024/3/4, 2024.03.04, 2024年3月4日 and 20240304 become
    2024-3-4, with whatever time follows. Anything else (03/04/2024) comes back as it was.

    The zone that the text names is brought into one form too: Z for UTC and GMT, an offset without a
    blank before it, and nothing for an abbreviation of `var('business_time_zone')`, whose time is meant
    then. Other abbreviations stay: they mean several zones (CST is Shanghai and Chicago), and no engine
    knows which.

    expression: SQL text expression. Returns text.
-#}
{% macro iso_timestamp_text(expression) -%}
    {%- set zone = var('business_time_zone') -%}
    {%- if zone not in modules.pytz.all_timezones_set -%}
        {{ exceptions.raise_compiler_error(
            "var business_time_zone: '" ~ zone ~ "' is no IANA zone; write for example Asia/Shanghai"
        ) }}
    {%- endif -%}
    {#- The zone's words for its standard and its summer time, as of 2025; it may have none. -#}
    {%- set zone_words = [] -%}
    {%- for month in [1, 7] -%}
        {%- set day = modules.datetime.datetime(2025, month, 1) -%}
        {%- set word = modules.pytz.timezone(zone).localize(day).tzname() | lower -%}
        {%- if modules.re.match('[a-z]+$', word) and word not in zone_words + ['utc', 'gmt'] -%}
            {%- do zone_words.append(word) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set digits_first -%}
        regexp_replace(
                regexp_replace(
                    {{ clean_key(expression) }},
                    '^([0-9]{4})[/.年]([0-9]{1,2})[/.月]([0-9]{1,2})日?', '\1-\2-\3'
                ),
                '^([0-9]{4})([0-9]{2})([0-9]{2})($|[T ])', '\1-\2-\3\4'
            )
    {%- endset -%}
    {%- set zone_in_one_form -%}
        regexp_replace(
                regexp_replace(
                    regexp_replace(
                        {{ digits_first }},
                        '(?i)([0-9]) ?(z|utc|gmt)$', '\1Z'
                    ),
                    '(?i)([0-9]) ?({{ zone_words | join("|") }})$', '\1'
                ),
                '([0-9]) ([+-][0-9])', '\1\2'
            )
    {%- endset -%}
    case
        when {{ expression }} like '____-__-__ __:__:__' or {{ expression }} like '____-__-__'
            then {{ expression }}
        when {{ expression }} like '____-__-_____:__:__%'
            and substr({{ expression }}, 20, 1) <> ' '
            and right({{ expression }}, 1) between '0' and '9'
            then {{ expression }}
        else
            -- Engines want seconds before a zone.
            regexp_replace(
                {{ zone_in_one_form }},
                '([T ][0-9]{1,2}:[0-9]{2})( ?[A-Za-z+-])', '\1:00\2'
            )
    end
{%- endmacro %}
