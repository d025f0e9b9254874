-- one row per as_of_date, customer type and RFM dimension
with measures as (
    select * from {{ ref('int_rfm__measures_history') }}
),

methods as (
    select * from {{ ref('int_rfm__methods') }}
),

-- Only buyers of the window cut frequency and money; recency is cut among all buyers.
quantiles as (
    select
        as_of_date,
        customer_type,
        {% for fraction in [2, 4, 6, 8] -%}
        percentile_cont(0.{{ fraction }}) within group (
            order by recency_value
        ) as recency_{{ fraction }},
        percentile_cont(0.{{ fraction }}) within group (
            order by case when is_in_rfm_window then frequency_value end
        ) as frequency_{{ fraction }},
        percentile_cont(0.{{ fraction }}) within group (
            order by case when is_in_rfm_window then monetary_value end
        ) as monetary_{{ fraction }},
        {% endfor -%}
        count(*) as buyer_count
    from measures
    group by as_of_date, customer_type
),

quantile_cuts as (
    {% for dimension in ['recency', 'frequency', 'monetary'] -%}
    select
        as_of_date,
        customer_type,
        '{{ dimension }}' as dimension,
        buyer_count,
        {{ dimension }}_2 as cut_point_1,
        {{ dimension }}_4 as cut_point_2,
        {{ dimension }}_6 as cut_point_3,
        {{ dimension }}_8 as cut_point_4
    from quantiles
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The four inner bounds of the five bands, ascending; the band that starts at the least value
-- needs none.
band_cuts as (
    select
        bands.customer_type,
        bands.dimension,
        max(case when bands.bound_rank = 2 then bands.lower_bound end) as cut_point_1,
        max(case when bands.bound_rank = 3 then bands.lower_bound end) as cut_point_2,
        max(case when bands.bound_rank = 4 then bands.lower_bound end) as cut_point_3,
        max(case when bands.bound_rank = 5 then bands.lower_bound end) as cut_point_4
    from (
        select
            customer_type,
            dimension,
            lower_bound,
            row_number() over (
                partition by customer_type, dimension order by lower_bound
            ) as bound_rank
        from {{ ref('rfm_bands') }}
        where policy_key = '{{ var("segmentation_policy") }}'
    ) as bands
    group by bands.customer_type, bands.dimension
),

final as (
    select
        quantile_cuts.as_of_date,
        quantile_cuts.customer_type,
        quantile_cuts.dimension,
        methods.rfm_method,
        methods.rfm_method_reason,
        quantile_cuts.buyer_count,
        {% for number in range(1, 5) -%}
        case
            when methods.rfm_method = 'quantile' then quantile_cuts.cut_point_{{ number }}
            else cast(band_cuts.cut_point_{{ number }} as double)
        end as cut_point_{{ number }}{{ ',' if not loop.last }}
        {% endfor %}
    from quantile_cuts
    inner join methods
        on quantile_cuts.customer_type = methods.customer_type
    left join band_cuts
        on quantile_cuts.customer_type = band_cuts.customer_type
            and quantile_cuts.dimension = band_cuts.dimension
)

select * from final
