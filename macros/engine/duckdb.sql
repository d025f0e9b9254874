{#-
    What DuckDB spells in its own way (see `engine.sql`). Functions named `strata_…` are Python, of
    `scripts/strata/dbt_plugin.py`.
-#}
{% macro duckdb__engine(name, args) -%}
{%- if name == 'array_of' -%}
    [{{ args[0] | join(', ') }}]

{%- elif name == 'comparable_text' -%}
    {%- set text = args[0] -%}
    nullif(trim(regexp_replace(
        case
            when strlen({{ text }}) = length({{ text }}) then lower({{ text }})
            else lower(strip_accents(strata_simplified_chinese({{ text }})))
        end,
        '[^\p{L}\p{N}]+', ' ', 'g'
    )), '')

{#- `arg_min` leaves out rows without a value by itself. -#}
{%- elif name == 'first_filled' -%}
    {%- set value, rank = args -%}
    arg_min({{ value }}, {{ rank }})

{#- By way of a decimal: halves are rounded up, and nothing is -0. -#}
{%- elif name == 'grouped_digits' -%}
    {%- set number, decimals = args -%}
    format(
        '{:,.{{ decimals }}f}',
        cast(cast({{ number }} as decimal(18, {{ decimals }})) as double)
    )

{#-
    DuckDB takes microseconds to round the product of long decimals, and nanoseconds for that of short
    ones, which has room for less than a million. The product of doubles only chooses the way; both
    ways lead to the same amount.
-#}
{%- elif name == 'in_base_currency' -%}
    {%- set amount, exchange_rate = args -%}
    case
        when {{ exchange_rate }} = 1 then {{ amount }}
        when {{ exchange_rate }} < 1000000
            and abs(cast({{ amount }} as double) * cast({{ exchange_rate }} as double)) < 999999
            then
                cast(
                    cast({{ amount }} as decimal(18, 4)) * cast({{ exchange_rate }} as decimal(18, 8))
                    as decimal(18, 4)
                )
        else {{ default__engine(name, args) }}
    end

{%- elif name in ['is_trimmed_ascii', 'is_ascii_word'] -%}
    {%- set text = args[0] -%}
    {{ text }} >= '!'
            and strlen({{ text }}) = length({{ text }})
            and not suffix({{ text }}, ' ')
            and not suffix({{ text }}, chr(9))
            and not suffix({{ text }}, chr(10))
            and not suffix({{ text }}, chr(13))
    {%- if name == 'is_ascii_word' %}
            and not contains({{ text }}, ' ')
            and not contains({{ text }}, chr(9))
            and not contains({{ text }}, chr(10))
            and not contains({{ text }}, chr(12))
            and not contains({{ text }}, chr(13))
    {%- endif %}

{#-
    A cast to `timestamp` drops an offset without a word; `timestamptz` honours it. The moment is taken
    as microseconds, since a cast back from `timestamptz` asks the time zone tables again.
-#}
{%- elif name == 'local_timestamp' -%}
    make_timestamp(epoch_us(
                try_cast({{ args[0] }} as timestamp) at time zone '{{ var("business_time_zone") }}'
            ))

{%- elif name == 'zoned_timestamp' -%}
    make_timestamp(epoch_us(try_cast({{ args[0] }} as timestamptz)))

{%- elif name == 'local_date' -%}
    cast(try_cast({{ args[0] }} as timestamp) as date)

{%- elif name == 'zoned_date' -%}
    cast(
                try_cast({{ args[0] }} as timestamptz) at time zone '{{ var("business_time_zone") }}'
                as date
            )

{#- DuckDB reads a pattern anew for every row, which takes ten times as long as to match it. -#}
{%- elif name == 'matches_pattern' -%}
    {%- set value, pattern = args -%}
    strata_matches_pattern({{ value }}, {{ pattern }})

{#- Plain ASCII (as many bytes as characters) is its own NFKC form and skips the Python function. -#}
{%- elif name == 'normalise_unicode' -%}
    {%- set text = args[0] -%}
    case
        when strlen({{ text }}) = length({{ text }}) then {{ text }}
        else strata_normalise_unicode({{ text }})
    end

{%- elif name == 'phone_e164' -%}
    strata_phone_e164({{ args[0] }}, '{{ var("default_phone_country") }}')

{#- Plain digits skip the Python function: a phone number has 15 at most. -#}
{%- elif name == 'phone_rest' -%}
    {%- set text = args[0] -%}
    case
        when regexp_matches({{ text }}, '^[+]?[0-9]{1,15}$') then false
        else strata_phone_rest({{ text }}, '{{ var("default_phone_country") }}')
    end

{#-
    DuckDB multiplies two short decimals as a short one, which is quick and overflows at ten billion.
    The product of doubles only chooses the way; both ways lead to the same amount.
-#}
{%- elif name == 'quantity_times_price' -%}
    {%- set quantity, unit_price = args -%}
    case
        when abs(cast({{ quantity }} as double) * cast({{ unit_price }} as double)) < 9999999999
            then cast({{ quantity }} * {{ unit_price }} as decimal(18, 4))
        else {{ default__engine(name, args) }}
    end

{%- elif name == 'raw_values' -%}
    {%- set row_text, columns = args -%}
    cast(json_object(
        {%- for column in columns %}
        '{{ column }}', nullif(split_part({{ row_text }}, chr(31), {{ loop.index }}), chr(30)){{ ',' if not loop.last }}
        {%- endfor %}
    ) as varchar)

{#-
    An eighth of the memory of md5: 64 bits, by which a pair among ten million rows is wrongly equal
    once in three hundred thousand times.
-#}
{%- elif name == 'row_hash' -%}
    hash({{ args[0] | join(', ') }})

{%- elif name == 'same_letters' -%}
    {%- set one, other = args -%}
    list_sort(string_split({{ one }}, '')) = list_sort(string_split({{ other }}, ''))

{%- elif name == 'seed_rows' -%}
    (select *, rowid + 2 as line from {{ args[0] }})

{%- elif name == 'share_of_hundred' -%}
    cast(('0x' || substr(md5({{ args[0] }}), 1, 8))::ubigint % 100 as integer)

{#- DuckDB compares bytes. -#}
{%- elif name == 'text_similarity' -%}
    {%- set one, other = args -%}
    case
        when {{ one }} = {{ other }} then 1.0
        when strlen({{ one }} || {{ other }}) > length({{ one }} || {{ other }})
            and not regexp_matches({{ one }} || {{ other }}, '^[\p{Latin}\p{N} ]+$')
            then 0.0
        else jaro_winkler_similarity({{ one }}, {{ other }})
    end

{%- elif name == 'typing_errors' -%}
    {%- set one, other = args -%}
    damerau_levenshtein({{ one }}, {{ other }})

{%- else -%}
    {{ default__engine(name, args) }}
{%- endif -%}
{%- endmacro %}

{#-
    Makes dbt's own `dbt.safe_cast` safe on DuckDB, where the adapter leaves it a plain cast: a text
    that cannot be cast becomes null instead of stopping the run.

    field: SQL expression; type: SQL type. Called as `dbt.safe_cast(field, type)`.
-#}
{% macro duckdb__safe_cast(field, type) -%}
    try_cast({{ field }} as {{ type }})
{%- endmacro %}
