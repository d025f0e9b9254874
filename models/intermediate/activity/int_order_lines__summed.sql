-- one row per order that has a usable line
with lines as (
    select
        order_id,
        -- DuckDB multiplies two short decimals as a short one, which overflows at ten billion.
        cast(cast(quantity as decimal(28, 4)) * unit_price as decimal(18, 4)) - discount_amount
            as line_amount
    from {{ ref('stg_erp__order_lines') }}
),

summed as (
    select
        order_id,
        count(*) as line_count,
        cast(sum(line_amount) as decimal(18, 4)) as lines_amount
    from lines
    group by order_id
)

select * from summed
