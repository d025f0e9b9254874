{#-
    Whether two people's names are clearly different: the given names, or two Chinese surnames. The
    parts may stand in the other order, one of them misspelt if other records join the two. Names in
    two scripts cannot be compared.

    Two given names that several families use are two names even if they are alike (Maria, Martin);
    of others, one may be the other with typing errors, with more of them where e-mail address and
    date of birth agree or other records join the two.

    one, other, are_linked: as of `two_people_reason`. Returns boolean, null or false if they are not.
-#}
{% macro are_other_names(one, other, are_linked=false) -%}
    {%- set one_name = one ~ '.given_name' -%}
    {%- set other_name = other ~ '.given_name' -%}
    {%- set crossed = parts_alike(one_name, other ~ '.surname') -%}
    {%- set crossed_back = parts_alike(one ~ '.surname', other_name) -%}
    {%- if are_linked %}
    not (
        (coalesce({{ crossed }}, false) or coalesce({{ crossed_back }}, false))
        and not coalesce({{ parts_alike(one ~ '.surname', other ~ '.surname') }}, false)
    )
    {%- else %}
    not (
        coalesce({{ crossed }}, {{ crossed_back }}, false)
        and coalesce({{ crossed_back }}, {{ crossed }}, false)
    )
    {%- endif %}
    and regexp_matches(coalesce({{ one_name }}, {{ one }}.surname), '[a-z]')
    = regexp_matches(coalesce({{ other_name }}, {{ other }}.surname), '[a-z]')
    and (
        coalesce(
            case
                when {{ one_name }} = {{ other_name }} then false
                when {{ one }}.is_common_given_name and {{ other }}.is_common_given_name
                    then not {{ parts_alike(one_name, other_name, 0.9) }}
                when {{ engine('same_letters', one_name, other_name) }} then false
                {%- if are_linked %}
                else not {{ parts_alike(one_name, other_name, 0.6) }}
                    and {{ engine('typing_errors', one_name, other_name) }} > 2
                {%- else %}
                when {{ one }}.email = {{ other }}.email
                    and {{ one }}.birth_date = {{ other }}.birth_date
                    then not {{ parts_alike(one_name, other_name, 0.6) }}
                else not {{ parts_alike(one_name, other_name) }}
                {%- endif %}
            end,
            false
        )
        or (
            {{ one }}.surname <> {{ other }}.surname
            and regexp_matches(
                {{ one }}.surname || {{ other }}.surname, '^[\x{3400}-\x{9FFF}]+$'
            )
        )
    )
{%- endmacro %}
