{#-
    The abbreviations of `var('business_time_zone')`, in lower case: of its standard and of its summer
    time, as of 2025. Returns list of text, empty where the zone has
    none.
-#}
{% macro business_zone_words() %}
    {% set zone = var('business_time_zone') %}
    {% if zone not in modules.pytz.all_timezones %}
        {{ exceptions.raise_compiler_error(
            "var business_time_zone: '" ~ zone ~ "' is no IANA zone; write for example Asia/Shanghai"
        ) }}
    {% endif %}
    {% set words = [] %}
    {% for month in [1, 7] %}
        {% set day = modules.datetime.datetime(2025, month, 1) %}
        {% set word = modules.pytz.timezone(zone).localize(day).tzname() | lower %}
        {% if modules.re.match('[a-z]+$', word) and word not in words + ['utc', 'gmt'] %}
            {% do words.append(word) %}
        {% endif %}
    {% endfor %}
    {{ return(words) }}
{% endmacro %}
