{% snapshot customer_segments_snapshot %}
{{ config(unique_key='customer_id', strategy='check', check_cols=['tier_key'],
          meta={'published': 'private', 'state': true}) }}
select customer_id, tier_key, as_of_date from {{ ref('customer_segments') }}
{% endsnapshot %}
