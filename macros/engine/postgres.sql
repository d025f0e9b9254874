{#- What PostgreSQL spells in its own way (see `engine.sql`). -#}
{% macro postgres__engine(name, args) -%}
{%- if name == 'grouped_digits' -%}
    {%- set number, decimals = args -%}
    to_char(
        cast({{ number }} as decimal(18, {{ decimals }})),
        'FM999,999,999,999,999,990{{ '.' ~ '0' * decimals if decimals }}'
    )

{%- elif name == 'normalise_unicode' -%}
    normalize({{ args[0] }}, nfkc)

{%- elif name == 'raw_values' -%}
    {%- set row_text, columns = args -%}
    cast(json_build_object(
        {%- for column in columns %}
        '{{ column }}', nullif(split_part({{ row_text }}, chr(31), {{ loop.index }}), chr(30)){{ ',' if not loop.last }}
        {%- endfor %}
    ) as text)

{%- elif name == 'share_of_hundred' -%}
    cast(('x' || substr(md5({{ args[0] }}), 1, 7))::bit(28)::int % 100 as integer)

{%- else -%}
    {{ default__engine(name, args) }}
{%- endif -%}
{%- endmacro %}
