{#-
    An organisation's name as it is compared, in words: without its legal form (Ltd, GmbH, 有限公司) and
    country (USA), so that 'Acme Co., Ltd.' and 'ACME Limited USA' compare equal, as 'GmbH' and
    'G.m.b.H.' do; the whole name if nothing else is left. Words are as short as one writes them when in
    a hurry, so that Labs and Laboratories, or Svc and Services, become one word.

    name: SQL text expression made by engine('comparable_text'). Returns text.
-#}
{% macro organisation_name(name) -%}
    {%- set short_words = [
        '(lab)(?:s|oratory|oratories)', '(univ)ersity', '(int)(?:l|ernational)',
        '(m)(?:fg|anufacturing)', '(tech)(?:nology|nologies)', '(hosp)(?:ital|itals)',
        '(c)(?:tr|enter|entre)', '(s)(?:vc|vcs|ervice|ervices)', '(sys)(?:tem|tems)',
    ] | join('|') -%}
    {%- set more_short_words = [
        '(assoc)(?:s|iates|iation)', '(bro)(?:s|thers)', '(dep)(?:t|artment)', '(inst)itute',
        '(eng)(?:g|ineering)', '(ind)(?:s|ustries|ustry)', '(pharm)(?:a|aceutical|aceuticals)',
        '(dist)(?:ribution|ributors)', '(s)(?:t|aint)',
    ] | join('|') -%}
    regexp_replace(regexp_replace(
        coalesce(
            nullif(regexp_replace(
                {{ name }},
                '( (usa|us|uk|co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|lp|plc|pty'
                || '|pte|gmbh|mbh|ag|kg|kgaa|ohg|ug|ev|se|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|aps|sl|kk|bhd'
                || '|sdn|u|and|g m b h|m b h|a g|k g|l l c|p l c|s a|s a r l|s r l|s p a|b v|n v))+$'
                || '| ?(股份有限|有限责任|集团有限|控股有限|集团股份有限|有限|分)? ?公司$|集团$|株式会社$', ''
            ), ''),
            {{ name }}
        ),
        '\b(?:{{ short_words }})\b', '\1\2\3\4\5\6\7\8\9', 'g'
    ), '\b(?:{{ more_short_words }})\b', '\1\2\3\4\5\6\7\8\9', 'g')
{%- endmacro %}
