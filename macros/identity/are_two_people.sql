{#-
    Whether records of people that resemble each other are two people all the same. An aggregate:
    over one pair of records, or over all pairs between two groups of records.

    They are two if the numbers in their names differ, as in "shop 2" and "shop 12". They are also
    two if the given names are clearly different, if two Chinese surnames are not the same, or if
    given names that are not the same go with e-mail addresses of different numbers: a household
    shares all the rest. An e-mail address, a national number or a date of birth that agrees but for
    two typing errors outweighs that.

    one, other: aliases of relations with given_name, surname, birth_date, national_id, email and
    email_local. Returns boolean; what is missing is not different.
-#}
{% macro are_two_people(one, other) -%}
    {%- set one_name = "concat_ws(' ', " ~ one ~ ".given_name, " ~ one ~ ".surname)" -%}
    {%- set other_name = "concat_ws(' ', " ~ other ~ ".given_name, " ~ other ~ ".surname)" -%}
    {%- set one_number = digits_of(one ~ '.email_local') -%}
    {%- set other_number = digits_of(other ~ '.email_local') -%}
    max(case
        when {{ both_differ(digits_of(one_name), digits_of(other_name)) }} then 1
        else 0
    end) = 1
    or (
        max(case
            -- A name in the other order, of which a part may be missing.
            when {{ parts_alike(one ~ '.given_name', other ~ '.surname') }}
                or {{ parts_alike(one ~ '.surname', other ~ '.given_name') }}
                then 0
            when {{ names_differ(one, other, "'given_name'") }} then 1
            when {{ one }}.surname <> {{ other }}.surname
                and regexp_matches(
                    {{ one }}.surname || {{ other }}.surname, '^[\x{3400}-\x{9FFF}]+$'
                )
                then 1
            when {{ one }}.given_name <> {{ other }}.given_name
                and {{ both_differ(one_number, other_number) }}
                then 1
            else 0
        end) = 1
        and max(case
            when levenshtein({{ one }}.national_id, {{ other }}.national_id) <= 2
                or levenshtein(
                    cast({{ one }}.birth_date as varchar), cast({{ other }}.birth_date as varchar)
                ) <= 2
                then 1
            -- Another Ann may have "ann@" elsewhere, hardly another one "ann4711@".
            when {{ one_number }} = {{ other_number }}
                and levenshtein({{ one }}.email_local, {{ other }}.email_local) <= 2
                and (
                    length({{ one_number }}) > 2
                    or levenshtein({{ one }}.email, {{ other }}.email) <= 2
                )
                then 1
            else 0
        end) = 0
    )
{%- endmacro %}

{% macro digits_of(expression) -%}
    regexp_replace({{ expression }}, '[^0-9]', '', 'g')
{%- endmacro %}

{#- Whether both texts have something in them, and not the same. -#}
{% macro both_differ(one_text, other_text) -%}
    ({{ one_text }} <> {{ other_text }} and {{ one_text }} <> '' and {{ other_text }} <> '')
{%- endmacro %}
