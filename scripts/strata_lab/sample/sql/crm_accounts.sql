-- crm_accounts as exported; names as salespeople write them
create table crm_accounts as
with holdings as (
    select
        account_id as parent_account_id,
        row_number() over (order by account_id) - 1 as holding_no,
    from accounts
    where pattern = 'holding'
),

-- Values that occur nowhere else.
chosen as (
    select
        account_id,
        200 + row_number() over (order by draw(account_id, 'canary'), account_id) as canary_no,
    from accounts
    where country = 'US' and account_seq = 1
    qualify canary_no <= 203
),

joined as (
    select
        accounts.*,
        identities.* exclude (entity_no, country, trade),
        industries_pool.english_trade,
        canary_no,
        uniform(account_id, 'name') as name_chance,
        if(
            accounts.pattern not in ('holding', 'lead', 'trial') and accounts.country = 'CN'
            and uniform(accounts.entity_no, 'subsidiary') < 0.08,
            pick(accounts.entity_no, 'parent', greatest(1, getvariable('customers') // 250)), null
        ) as holding_no,
        upper(left(brand_ascii, 1)) || substr(brand_ascii, 2) as english_brand,
    from accounts
    join identities using (entity_no)
    join industries_pool on industries_pool.trade = accounts.trade
    left join chosen using (account_id)
)

select
    account_id,
    case
        when pattern = 'holding' then concat(city, brand, '控股集团有限公司')
        when account_seq = 2 and country = 'CN' and name_chance < 0.6
            then concat(english_brand, ' ', english_trade, ' Co., Ltd.')
        when account_seq = 2 and country = 'CN'
            then replace(replace(customer_name, '有限责任公司', '有限公司'), '有限公司', '')
        when account_seq = 2 then concat(upper(customer_name), '.')
        when name_chance < 0.08
            then regexp_replace(customer_name,
                '(股份有限公司|有限责任公司|有限公司| Inc| LLC| Corp| Ltd| Limited| PLC)$', '')
        when name_chance < 0.12 and country = 'CN'
            then regexp_replace(customer_name, concat('^', city, '(.*)$'), concat('\1（', city, '）'))
        else spaced(customer_name, uniform(account_id, 'space'))
    end as account_name,
    parent_account_id,
    case
        when account_seq = 2 and name_chance < 0.8 then tax_id
        when pattern = 'holding' or uniform(account_id, 'tax id') < 0.22 then null
        when uniform(account_id, 'tax id') < 0.25 then '无'
        when uniform(account_id, 'tax id') < 0.32 then lower(tax_id)
        else tax_id
    end as tax_id,
    industry,
    if(uniform(account_id, 'no sub industry') < 0.1, null, sub_industry) as sub_industry,
    if(uniform(account_id, 'no staff') < 0.12, null, cast(employee_count as varchar))
        as employee_count,
    if(uniform(account_id, 'no turnover') < 0.35, null, rounded(annual_revenue, 10000))
        as annual_revenue_amount,
    currency_as_written(currency, uniform(account_id, 'currency')) as currency,
    case
        when uniform(account_id, 'website') < 0.18 then null
        else concat(choose(account_id, 'website style', ['https://www.', 'www.', 'http://', '']),
            if(pattern = 'holding', replace(company_domain, '.', '-group.'), company_domain))
    end as website,
    case
        when canary_no is not null then canary_phone(canary_no)
        when uniform(account_id, 'phone') < 0.25 then null
        else phone
    end as phone,
    case
        when canary_no is not null then concat(canary_no, ' Quillfeather Square')
        when uniform(account_id, 'address') < 0.2 then null
        else address
    end as address,
    city,
    province,
    choose(account_id, 'country', case country
        when 'CN' then ['CN', '中国', 'China'] when 'US' then ['US', 'USA']
        when 'DE' then ['DE', 'Germany'] else ['GB', 'United Kingdom']
    end) as country,
    case
        when uniform(account_id, 'influence') < 0.3 then null
        when is_influential or pattern = 'holding' then 'high'
        else choose(account_id, 'influence level', ['medium', 'low', 'low'])
    end as influence_level,
    if(uniform(account_id, 'no owner') < 0.03, null, owner_id) as owner_id,
    choose(account_id, 'source', [
        'exhibition', 'exhibition', 'referral', 'referral', 'web form', 'cold call', 'dealer',
        'tender'
    ]) as lead_source,
    time_as_written(created_moment, uniform(account_id, 'time')) as created_at,
    plain_time(not_after_end(created_moment
        + to_days(cast(1 + pick(account_id, 'changed', 500) as integer))
        + to_seconds(pick(account_id, 'changed second', 3600)))) as updated_at,
from joined
left join holdings using (holding_no);

-- Two companies, each the other's parent.
insert into truth_ignored
select 'crm_accounts', account_id, 'parent_account_id', 'parent_loop'
from crm_accounts
where parent_account_id is null and uniform(account_id, 'version') > 0.02
    and account_id not in (
        select account_id from accounts where pattern in ('holding', 'lead', 'trial')
    )
order by draw(account_id, 'loop'), account_id
limit 2;

update crm_accounts
set parent_account_id = other.record_key
from truth_ignored as own, truth_ignored as other
where own.record_key = crm_accounts.account_id and other.record_key != own.record_key;
