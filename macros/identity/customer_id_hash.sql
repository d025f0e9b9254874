{#-
    A customer_id made from a record key: `cus_` and 16 hexadecimal digits (64 bits; among a million
    ids two collide with a probability below 1 in 10 million).

    expression: SQL text expression. Returns text.
-#}
{% macro customer_id_hash(expression) -%}
    'cus_' || substr(md5({{ expression }}), 1, 16)
{%- endmacro %}
