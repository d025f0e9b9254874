{#-
    The columns of `int_identity__normalised` that a match rule may name, in the order in which they
    are shown. Returns list of text.
-#}
{% macro identifier_columns() %}
    {{ return([
        'tax_id', 'national_id', 'member_id', 'email', 'email_local', 'phone', 'wechat_id',
        'company_domain', 'name_key', 'given_name', 'surname', 'birth_date', 'address', 'street',
        'house_number', 'postcode', 'city',
    ]) }}
{% endmacro %}
