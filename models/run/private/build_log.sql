-- one row per build that this database has seen
select
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp) as started_at,
    '{{ env_var("STRATA_BUILD_ID", invocation_id) }}' as build_id,
    as_of_date
from {{ ref('as_of_dates') }}
where is_current
