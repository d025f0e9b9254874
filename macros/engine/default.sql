{#- What the engines without a spelling of their own understand (see `engine.sql`). -#}
{% macro default__engine(name, args) -%}
{%- if name == 'array_of' -%}
    array[{{ args[0] | join(', ') }}]

{%- elif name == 'array_item' -%}
    {%- set array, position = args -%}
    {{ array }}[{{ position }}]

{%- elif name == 'current_business_date' -%}
    cast(current_timestamp at time zone '{{ var("business_time_zone") }}' as date)

{%- elif name == 'first_filled' -%}
    {%- set value, rank = args -%}
    (array_agg({{ value }} order by {{ rank }}) filter (where {{ value }} is not null))[1]

{%- elif name == 'in_base_currency' -%}
    {%- set amount, exchange_rate = args -%}
    cast({{ amount }} * {{ exchange_rate }} as decimal(18, 4))

{%- elif name in ['is_ascii_word', 'is_trimmed_ascii'] -%}
    false

{%- elif name == 'matches_pattern' -%}
    {%- set value, pattern = args -%}
    regexp_matches({{ value }}, {{ pattern }})

{%- elif name == 'quantity_times_price' -%}
    {%- set quantity, unit_price = args -%}
    cast(cast({{ quantity }} as decimal(28, 4)) * {{ unit_price }} as decimal(18, 4))

{%- elif name == 'raw_value' -%}
    {%- set raw_values, column = args -%}
    cast({{ raw_values }} as json) ->> {{ column }}

{%- elif name == 'row_hash' -%}
    md5(concat_ws(chr(31){% for column in args[0] %}, coalesce(cast({{ column }} as varchar), chr(30)){% endfor %}))

{%- elif name == 'same_letters' -%}
    {%- set one, other = args -%}
    {{ one }} = {{ other }}

{%- elif name == 'typing_errors' -%}
    {%- set one, other = args -%}
    levenshtein({{ one }}, {{ other }})

{%- else -%}
    {{ exceptions.raise_compiler_error(
        "engine " ~ adapter.type() ~ " has no '" ~ name ~ "': add it to macros/engine/" ~ adapter.type()
        ~ ".sql, or correct the name; macros/engine/engine.sql lists all"
    ) }}
{%- endif -%}
{%- endmacro %}
