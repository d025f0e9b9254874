-- one row per account of the CRM
{% set rounds = 4 %}
with accounts as (
    select
        account_id,
        parent_account_id,
        ignored_value
    from {{ ref('stg_crm__accounts') }}
),

round_0 as (
    select
        account_id,
        coalesce(parent_account_id, account_id) as ancestor_account_id
    from accounts
),

-- Every round doubles the height climbed: four reach the sixteenth ancestor.
{% for number in range(1, rounds + 1) %}
round_{{ number }} as (
    select
        lower_accounts.account_id,
        upper_accounts.ancestor_account_id
    from round_{{ number - 1 }} as lower_accounts
    inner join round_{{ number - 1 }} as upper_accounts
        on lower_accounts.ancestor_account_id = upper_accounts.account_id
),
{% endfor %}

-- An account that has not reached one without a parent by then is in a loop or under one.
final as (
    select
        accounts.account_id,
        case when tops.parent_account_id is null then accounts.parent_account_id end
            as parent_account_id,
        case
            when tops.parent_account_id is null then tops.account_id
            else accounts.account_id
        end as top_account_id,
        tops.parent_account_id is not null
        or coalesce(accounts.ignored_value like '%parent_account_id%', false) as has_ignored_parent
    from accounts
    inner join round_{{ rounds }}
        on accounts.account_id = round_{{ rounds }}.account_id
    inner join accounts as tops
        on round_{{ rounds }}.ancestor_account_id = tops.account_id
)

select * from final
