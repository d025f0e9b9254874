-- one row per order that has a usable line
with lines as (
    select
        order_id,
        {{ engine('quantity_times_price', 'quantity', 'unit_price') }} - discount_amount
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
