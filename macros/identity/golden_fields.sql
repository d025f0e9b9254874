{#-
    The fields of the golden record, in the order of their columns. Returns a dictionary: name of the
    column in int_identity__records -> column of int_identity__normalised that its values are
    compared by, or none. seeds/identity/survivorship.csv says how each field is decided.
-#}
{% macro golden_fields() -%}
    {{ return({
        'customer_name': 'name_key', 'given_name': 'given_name', 'surname': 'surname',
        'email': 'email', 'phone': 'phone', 'wechat_id': 'wechat_id', 'tax_id': 'tax_id',
        'member_id': 'member_id', 'national_id': 'national_id', 'birth_date': 'birth_date',
        'address': 'address', 'street': 'street', 'house_number': 'house_number', 'city': 'city',
        'province': none, 'country': none, 'postcode': 'postcode', 'channel_type': none,
    }) }}
{%- endmacro %}
