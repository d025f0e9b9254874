{#-
    An organisation's name in words, without its legal form (Ltd, GmbH, 有限公司) and country (USA), so
    that 'Acme Co., Ltd.' and 'ACME Limited USA' compare equal, as 'GmbH' and 'G.m.b.H.' do; the whole name if nothing else is left.

    expression: SQL text expression made by `comparable_text`. Returns text.
-#}
{% macro without_legal_form(expression) -%}
    coalesce(
        nullif(regexp_replace(
            {{ expression }},
            '( (usa|us|uk|co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|lp|plc|pty'
            || '|pte|gmbh|mbh|ag|kg|kgaa|ohg|ug|ev|se|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|aps|sl|kk|bhd'
            || '|sdn|u|and|g m b h|m b h|a g|k g|l l c|p l c|s a|s a r l|s r l|s p a|b v|n v))+$'
            || '| ?(股份有限|有限责任|集团有限|控股有限|集团股份有限|有限|分)? ?公司$|集团$|株式会社$', ''
        ), ''),
        {{ expression }}
    )
{%- endmacro %}
