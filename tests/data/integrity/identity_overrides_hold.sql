-- Fails if an override names a record that is not there, joins a business and a person, or is
-- contradicted: a merge whose records are two customers, or a split whose records are one.
{{ config(meta={'finding_column': 'finding'}) }}
with overrides as (
    select * from {{ ref('identity_overrides') }}
),

records as (
    select
        records.record_key,
        records.customer_type,
        identity_map.customer_id
    from {{ ref('int_identity__records') }} as records
    inner join {{ ref('customer_identity_map') }} as identity_map
        on records.record_key = identity_map.record_key
),

judged as (
    select
        overrides.action,
        overrides.left_record_key,
        overrides.right_record_key,
        overrides.author,
        case
            when coalesce(overrides.action, '') not in ('merge', 'split')
                then 'action is neither merge nor split'
            when overrides.left_record_key = overrides.right_record_key
                then 'both records are the same'
            when left_records.record_key is null
                then 'record ' || coalesce(overrides.left_record_key, '(empty)')
                    || ' is not there any more: remove the row or correct the key'
            when right_records.record_key is null
                then 'record ' || coalesce(overrides.right_record_key, '(empty)')
                    || ' is not there any more: remove the row or correct the key'
            when overrides.reason is null or overrides.author is null
                then 'reason or author is missing'
            when left_records.customer_type <> right_records.customer_type
                then 'one record is a business and the other a person'
            when overrides.action = 'merge' and left_records.customer_id <> right_records.customer_id
                then 'the two records are still two customers: another override splits them, or more '
                    || 'than 60 records hang together by strong edges'
            when overrides.action = 'split' and left_records.customer_id = right_records.customer_id
                then 'the two records are still one customer: another override joins them'
        end as problem
    from overrides
    left join records as left_records
        on overrides.left_record_key = left_records.record_key
    left join records as right_records
        on overrides.right_record_key = right_records.record_key
)

select
    'identity_overrides.csv: ' || coalesce(action, '(empty)') || ' '
    || coalesce(left_record_key, '(empty)') || ' and ' || coalesce(right_record_key, '(empty)')
    || ': ' || problem as finding
from judged
where problem is not null
