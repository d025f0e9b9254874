-- one row per scored pair: its newest usable version
select
    pair_id,
    left_record_key,
    right_record_key,
    match_probability,
    accepted_from,
    method_version,
    fitted_at,
    updated_at
from {{ ref('base_model__identity_pairs') }}
where row_status = 'kept'
