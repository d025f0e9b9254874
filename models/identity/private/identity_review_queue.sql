-- one row per pair of records that somebody should look at, and reason
{% set sides = ['left', 'right'] %}
{% set shown = ['customer_name', 'email', 'phone', 'birth_date', 'national_id', 'tax_id', 'member_id', 'address', 'city'] %}
with records as (
    select * from {{ ref('int_identity__records') }}
),

identity_map as (
    select
        record_key,
        customer_id
    from {{ ref('customer_identity_map') }}
),

overrides as (
    select
        least(left_record_key, right_record_key) as left_record_key,
        greatest(left_record_key, right_record_key) as right_record_key
    from {{ ref('identity_overrides') }}
    group by
        least(left_record_key, right_record_key), greatest(left_record_key, right_record_key)
),

final as (
    select
        'case_' || substr(
            md5(cases.kind || '/' || cases.left_record_key || '/' || cases.right_record_key), 1, 16
        ) as case_id,
        cases.kind,
        cases.left_record_key,
        cases.right_record_key,
        left_map.customer_id as left_customer_id,
        right_map.customer_id as right_customer_id,
        cases.rule_key,
        kinds.sentence_en as reason_en,
        kinds.sentence_zh as reason_zh,
        {% for side in sides -%}
        {% for column in shown -%}
        {{ side }}_records.{{ column }} as {{ side }}_{{ column }},
        {% endfor -%}
        {% endfor -%}
        left_map.customer_id = right_map.customer_id as is_joined
    from {{ ref('int_identity__review_cases') }} as cases
    inner join {{ ref('review_kinds') }} as kinds
        on cases.kind = kinds.kind
    {% for side in sides -%}
    inner join records as {{ side }}_records
        on cases.{{ side }}_record_key = {{ side }}_records.record_key
    inner join identity_map as {{ side }}_map
        on cases.{{ side }}_record_key = {{ side }}_map.record_key
    {% endfor -%}
    left join overrides
        on cases.left_record_key = overrides.left_record_key
            and cases.right_record_key = overrides.right_record_key
    where overrides.left_record_key is null
        -- A pair joined by another rule needs no review, unless its numbers disagree.
        and (
            left_map.customer_id <> right_map.customer_id
            or cases.kind in ('near_equal_ids', 'different_strong_ids')
        )
)

select * from final
