{#-
    The words of a text as one writes them when in a hurry, so that Labs and Laboratories, or Svc and
    Services, become one word. Nobody reads the result.

    expression: SQL text expression made by `comparable_text`. Returns text.
-#}
{% macro short_words(expression) -%}
    {%- set endings = [
        ['(lab)(?:s|oratory|oratories)', '(univ)ersity', '(int)(?:l|ernational)',
         '(m)(?:fg|anufacturing)', '(tech)(?:nology|nologies)', '(hosp)(?:ital|itals)',
         '(c)(?:tr|enter|entre)', '(s)(?:vc|vcs|ervice|ervices)', '(sys)(?:tem|tems)'],
        ['(assoc)(?:s|iates|iation)', '(bro)(?:s|thers)', '(dep)(?:t|artment)', '(inst)itute',
         '(eng)(?:g|ineering)', '(ind)(?:s|ustries|ustry)', '(pharm)(?:a|aceutical|aceuticals)',
         '(dist)(?:ribution|ributors)', '(s)(?:t|aint)'],
    ] -%}
    {%- for words in endings -%} regexp_replace( {%- endfor -%}
    {{ expression }}
    {%- for words in endings -%}
    , '\b(?:{{ words | join("|") }})\b', '\1\2\3\4\5\6\7\8\9', 'g')
    {%- endfor -%}
{%- endmacro %}
