-- one row per raw row of model_customer_clusters
{% set raw_columns = [
    'customer_id', 'as_of_date', 'customer_type', 'cluster_key', 'name_en', 'name_zh', 'metrics',
    'centre_distance', 'method_version', 'fitted_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ clean_key('customer_id') }} as customer_id,
        {{ iso_timestamp_text('as_of_date') }} as as_of_date_text,
        {{ clean_key('customer_type') }} as customer_type,
        {{ clean_key('cluster_key') }} as cluster_key,
        {{ clean_text('name_en') }} as name_en,
        {{ clean_text('name_zh') }} as name_zh,
        {{ clean_key('metrics') }} as metrics,
        {{ clean_key('centre_distance') }} as centre_distance_text,
        {{ clean_text('method_version') }} as method_version,
        {{ iso_timestamp_text('fitted_at') }} as fitted_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('model', 'customer_clusters') }}
),

typed as (
    select
        cleaned.*,
        {{ business_date('cleaned.as_of_date_text') }} as as_of_date,
        {{ dbt.safe_cast('cleaned.centre_distance_text', 'decimal(18, 6)') }} as centre_distance,
        {{ utc_timestamp('cleaned.fitted_at_text') }} as fitted_at
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        coalesce(
            case
                when typed.cluster_key is null then 'missing_key: cluster_key'
                when typed.metrics is null then 'missing_key: metrics'
            end,
            {{ date_problem('typed.as_of_date_text', 'limits.latest_permitted_date') }},
            case
                when typed.customer_type is null
                    or typed.customer_type not in ('business', 'consumer')
                    then 'unknown_customer_type: customer_type'
                when typed.centre_distance_text is null then 'missing_amount: centre_distance'
            end,
            {{ number_problem('typed.centre_distance_text') }},
            {{ date_problem('typed.fitted_at_text', required=false, date='typed.fitted_at') }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('model', 'customer_clusters'), 'checked', raw_columns, [
        'customer_id', 'as_of_date', 'customer_type', 'cluster_key', 'name_en', 'name_zh', 'metrics',
        'centre_distance', 'method_version', 'fitted_at',
    ]) }}
)

select * from deduplicated
