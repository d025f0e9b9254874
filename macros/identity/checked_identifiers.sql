{#-
    The columns of `int_identity__comparable` whose shared values may stand for nobody in particular:
    those that `blocked_values` or a sharing limit of `identifier_types` speaks of. Returns list of
    text.
-#}
{% macro checked_identifiers() %}
    {{ return([
        'tax_id', 'national_id', 'member_id', 'email', 'email_local', 'phone', 'wechat_id',
        'company_domain', 'name_key', 'address',
    ]) }}
{% endmacro %}
