{#- What Apache Spark spells in its own way (see `engine.sql`). -#}
{% macro spark__engine(name, args) -%}
{%- if name == 'array_of' -%}
    array({{ args[0] | join(', ') }})

{%- elif name == 'array_item' -%}
    {%- set array, position = args -%}
    try_element_at({{ array }}, {{ position }})

{%- elif name == 'first_filled' -%}
    {%- set value, rank = args -%}
    min_by({{ value }}, {{ rank }}) filter (where {{ value }} is not null)

{%- else -%}
    {{ default__engine(name, args) }}
{%- endif -%}
{%- endmacro %}
