{#-
    Whether two names are clearly different, as far as a match rule cares.

    left_name, right_name: aliases of relations with given_name, surname and organisation_core;
    name_check: column of
    `match_rules`: given_name (the given names must be alike), surname (the family names), any_part
    (one of the two; a Chinese family name alone says too little), organisation (what tells an
    organisation from others, but for one typing error) or none. Parts that are missing are
    not different. Names in the other order are alike. Returns boolean.
-#}
{% macro names_differ(left_name, right_name, name_check) -%}
    {%- set given = parts_alike(left_name ~ '.given_name', right_name ~ '.given_name') -%}
    {%- set surname = parts_alike(left_name ~ '.surname', right_name ~ '.surname') -%}
    not coalesce(
        {{ parts_alike(left_name ~ '.given_name', right_name ~ '.surname') }}
        and {{ parts_alike(left_name ~ '.surname', right_name ~ '.given_name') }},
        false
    )
    and case {{ name_check }}
        when 'given_name' then not coalesce({{ given }}, {{ surname }}, true)
        when 'surname' then not coalesce({{ surname }}, {{ given }}, true)
        when 'any_part'
            then not coalesce({{ given }}, {{ surname }}, true)
                and not coalesce(
                    {{ surname }} and length({{ left_name }}.surname) > 2, false
                )
        when 'organisation'
            then not coalesce(
                {{ engine(
                    'typing_errors', left_name ~ '.organisation_core', right_name ~ '.organisation_core'
                ) }}
                <= 1,
                true
            )
        else false
    end
{%- endmacro %}

{#-
    Jaro-Winkler 0.75: half of a short name's letters and its start, as in Jon and Jonathan. A Latin
    initial is like every name that it begins; a single Chinese character is a name of its own.
-#}
{% macro parts_alike(left_part, right_part, similarity=0.75) -%}
    ({{ engine('text_similarity', left_part, right_part) }} >= {{ similarity }}
    or (length({{ left_part }}) > 1 or {{ left_part }} between 'a' and 'z')
    and starts_with({{ right_part }}, {{ left_part }})
    or (length({{ right_part }}) > 1 or {{ right_part }} between 'a' and 'z')
    and starts_with({{ left_part }}, {{ right_part }}))
{%- endmacro %}
