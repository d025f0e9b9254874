-- one row per raw row of crm_accounts
{% set raw_columns = [
    'account_id', 'account_name', 'parent_account_id', 'tax_id', 'industry', 'sub_industry',
    'employee_count', 'annual_revenue_amount', 'currency', 'website', 'phone', 'address', 'city',
    'province', 'country', 'influence_level', 'owner_id', 'lead_source', 'created_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('account_id') }} as account_id,
        {{ clean_text('account_name') }} as account_name,
        {{ known_key('parent_account_id') }} as parent_key,
        upper({{ clean_key('tax_id') }}) as tax_id,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('sub_industry') }} as sub_industry,
        {{ clean_key('employee_count') }} as employee_count_text,
        {{ clean_key('annual_revenue_amount') }} as annual_revenue_amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ website_domain('website') }} as website_domain,
        {{ engine('phone_e164', clean_text('phone')) }} as phone,
        {{ clean_text('address') }} as address,
        {{ clean_text('city') }} as city,
        {{ clean_text('province') }} as province,
        {{ clean_text('country') }} as country_text,
        {{ clean_text('influence_level') }} as influence_level,
        {{ known_key('owner_id') }} as owner_id,
        {{ clean_text('lead_source') }} as lead_source,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('crm', 'accounts') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.employee_count_text', 'integer') }} as employee_count,
        {{ dbt.safe_cast('cleaned.annual_revenue_amount_text', 'decimal(18, 4)') }}
            as annual_revenue_amount,
        coalesce(country_aliases.value, cleaned.country_text) as country,
        {{ utc_timestamp('cleaned.created_at_text') }} as created_at,
        {{ business_date('cleaned.created_at_text') }} as created_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as country_aliases
        on country_aliases.value_kind = 'country'
            and {{ clean_word('cleaned.country_text') }} = country_aliases.word
),

checked as (
    select
        typed.*,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ number_problem('typed.employee_count_text', 'negative_quantity') }},
            {{ number_problem(
                'typed.annual_revenue_amount_text', factor='exchange_rates.exchange_rate'
            ) }},
            {{ currency_problem('exchange_rates') }},
            {{ date_problem(
                'typed.created_at_text', 'limits.latest_permitted_date', required=false
            ) }},
            -- Checked here too, since only an account without any problem can be a parent.
            {{ date_problem(
                'typed.updated_at_text', required=false, date=utc_timestamp('typed.updated_at_text')
            ) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    cross join {{ ref('stg_strata__as_of_date') }} as as_of
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and as_of.as_of_date >= exchange_rates.valid_from_date
            and as_of.as_of_date < exchange_rates.valid_before_date
),

usable_accounts as (
    select distinct account_id from checked where problem is null
),

related as (
    select
        checked.*,
        usable_accounts.account_id as parent_account_id,
        {{ ignored_value('checked', {
            'parent_account_id': 'usable_accounts.account_id',
            'owner_id': 'checked.owner_id',
            'created_at': 'checked.created_at',
        }, {'phone': 'phone'}) }} as ignored_value
    from checked
    left join usable_accounts
        on nullif(checked.parent_key, checked.account_id) = usable_accounts.account_id
),

deduplicated as (
    {{ deduplicate_and_reject(source('crm', 'accounts'), 'related', raw_columns, [
        'account_id', 'account_name', 'parent_account_id', 'tax_id', 'industry', 'sub_industry',
        'employee_count', 'annual_revenue_amount', 'currency_code', 'exchange_rate',
        'website_domain', 'phone', 'address', 'city', 'province', 'country', 'influence_level',
        'owner_id', 'lead_source', 'created_date', 'created_at',
    ]) }}
)

select * from deduplicated
