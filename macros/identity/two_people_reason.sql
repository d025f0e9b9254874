{#-
    The veto: why two records that resemble each other are two customers all the same, whatever rule
    or score would join them; null if nothing speaks against it. What is missing speaks against
    nothing. The answer is a kind of `review_kinds`:

    - different_name_numbers: "shop 2" and "shop 12"; an equal tax number outweighs it
    - different_strong_ids: national numbers clearly different, and neither address nor postcode agrees
    - different_names: given names clearly different, two Chinese surnames, or names that are not quite
      the same beside e-mail addresses of different numbers (marie830@, mary839@)
    - different_generations: senior and junior
    - different_birth_dates: by more than a typing error
    - different_homes: house and street, and the dates of birth are not quite the same; of
      organisations, house and street, or the web domain, where nothing beside the name agrees

    An equal national number outweighs all but the first, if the date of birth or both parts of the
    name agree as well.

    one, other: aliases of relations with the columns of `int_identity__normalised`: customer_type, name_key,
    given_name, surname, is_common_given_name, generation, birth_date, national_id, tax_id, email,
    email_local, phone, company_domain, address and postcode. has_households: SQL boolean, whether several people may
    live at one address (`int_identity__households`); where they do not, an equal date of birth
    outweighs the names, and a like address the date of birth. are_linked: whether other records
    already join the two; then only what is beyond doubt counts. Returns text.
-#}
{% macro two_people_reason(one, other, has_households='true', are_linked=false) -%}
    case
        when {{ both_differ(digits_of(one ~ '.name_key'), digits_of(other ~ '.name_key')) }}
            and not coalesce({{ one }}.tax_id = {{ other }}.tax_id, false)
            then 'different_name_numbers'
        when {{ one }}.national_id = {{ other }}.national_id
            and (
                {{ birth_dates_alike(one, other) }}
                or {{ full_names_alike(one, other) }}
            )
            then null
        {%- if not are_linked %}
        when {{ numbers_differ(one ~ '.national_id', other ~ '.national_id') }}
            and not coalesce({{ one }}.address = {{ other }}.address, false)
            and not coalesce({{ one }}.postcode = {{ other }}.postcode, false)
            then 'different_strong_ids'
        {%- endif %}
        when {{ are_other_names(one, other, are_linked) }}
            and not coalesce(
                not {{ has_households }}
                {%- if not are_linked %}
                and (
                    {{ birth_dates_alike(one, other) }}
                    or (
                        {{ one }}.national_id = {{ other }}.national_id
                        and not {{ addresses_differ(one, other) }}
                    )
                )
                {%- endif %},
                false
            )
            then 'different_names'
        {%- set one_number = digits_of(one ~ '.email_local') %}
        {%- set other_number = digits_of(other ~ '.email_local') %}
        when {{ one }}.given_name <> {{ other }}.given_name
            and {{ one }}.given_name <> {{ other }}.surname
            and {{ both_differ(one_number, other_number) }}
            and not coalesce({{ birth_dates_alike(one, other) }}, false)
            then 'different_names'
        when coalesce({{ one }}.generation, '1') <> coalesce({{ other }}.generation, '1')
            and not coalesce({{ one }}.birth_date = {{ other }}.birth_date, false)
            and not coalesce({{ one }}.email = {{ other }}.email, false)
            then 'different_generations'
        when not {{ birth_dates_alike(one, other) }}
            and not coalesce(
                not {{ has_households }}
                {%- if not are_linked %}
                and not {{ addresses_differ(one, other) }}
                {%- endif %},
                false
            )
            and not coalesce({{ are_too_near_in_age(one, other, are_linked) }}, false)
            then 'different_birth_dates'
        when {{ one }}.birth_date <> {{ other }}.birth_date
            and {{ addresses_differ(one, other) }}
            then 'different_homes'
        when {{ one }}.customer_type = 'business'
            and (
                {{ addresses_differ(one, other) }}
                or {{ one }}.company_domain <> {{ other }}.company_domain
            )
            {%- for column in ['tax_id', 'phone', 'email', 'company_domain', 'address'] %}
            and not coalesce({{ one }}.{{ column }} = {{ other }}.{{ column }}, false)
            {%- endfor %}
            then 'different_homes'
    end
{%- endmacro %}

{#-
    Whether two people's names are clearly different: the given names, or two Chinese surnames. The
    parts may stand in the other order, one of them misspelt if other records join the two. Names in
    two scripts cannot be compared. Null or false if they are not.
-#}
{% macro are_other_names(one, other, are_linked=false) -%}
    {%- set crossed = parts_alike(one ~ '.given_name', other ~ '.surname') -%}
    {%- set crossed_back = parts_alike(one ~ '.surname', other ~ '.given_name') -%}
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
    and {{ has_latin(one) }} = {{ has_latin(other) }}
    and (
        coalesce({{ given_names_differ(one, other, are_linked) }}, false)
        or (
            {{ one }}.surname <> {{ other }}.surname
            and regexp_matches(
                {{ one }}.surname || {{ other }}.surname, '^[\x{3400}-\x{9FFF}]+$'
            )
        )
    )
{%- endmacro %}

{#-
    Two given names that several families use are two names even if they are alike (Maria, Martin);
    of others, one may be the other with typing errors, with more of them where e-mail address and
    date of birth agree or other records join the two.
-#}
{% macro given_names_differ(one, other, are_linked=false) -%}
    {%- set one_name = one ~ '.given_name' -%}
    {%- set other_name = other ~ '.given_name' -%}
    case
        when {{ one_name }} = {{ other_name }} then false
        when {{ one }}.is_common_given_name and {{ other }}.is_common_given_name
            then not {{ parts_alike(one_name, other_name, 0.9) }}
        when {{ engine('same_letters', one_name, other_name) }} then false
        {%- if are_linked %}
        else not {{ parts_alike(one_name, other_name, 0.6) }}
            and {{ engine('typing_errors', one_name, other_name) }} > 2
        {%- else %}
        when {{ one }}.email = {{ other }}.email and {{ one }}.birth_date = {{ other }}.birth_date
            then not {{ parts_alike(one_name, other_name, 0.6) }}
        else not {{ parts_alike(one_name, other_name) }}
        {%- endif %}
    end
{%- endmacro %}

{% macro full_names_alike(one, other) -%}
    (
        {{ one }}.name_key = {{ other }}.name_key
        or (
            coalesce({{ parts_alike(one ~ '.given_name', other ~ '.given_name') }}, true)
            and {{ parts_alike(one ~ '.surname', other ~ '.surname') }}
        )
        or (
            {{ parts_alike(one ~ '.given_name', other ~ '.surname') }}
            and {{ parts_alike(one ~ '.surname', other ~ '.given_name') }}
        )
    )
{%- endmacro %}

{#- One typing error, day and month in the other order, or the year off by one or ten. -#}
{% macro birth_dates_alike(one, other) -%}
    {%- set one_date = 'cast(' ~ one ~ '.birth_date as varchar)' -%}
    {%- set other_date = 'cast(' ~ other ~ '.birth_date as varchar)' -%}
    (
        {{ one }}.birth_date = {{ other }}.birth_date
        or {{ engine('typing_errors', one_date, other_date) }} <= 1
        or (
            substr({{ one_date }}, 5) = substr({{ other_date }}, 5)
            and abs(
                cast(substr({{ one_date }}, 1, 4) as integer)
                - cast(substr({{ other_date }}, 1, 4) as integer)
            ) in (1, 10)
        )
        or (
            substr({{ one_date }}, 1, 4) = substr({{ other_date }}, 1, 4)
            and substr({{ one_date }}, 6, 2) = substr({{ other_date }}, 9, 2)
            and substr({{ one_date }}, 9, 2) = substr({{ other_date }}, 6, 2)
        )
    )
{%- endmacro %}

{#-
    Who shares a home, a phone number or an e-mail address (but for two typing errors) and has a like
    name is a parent, a child, or the same person; for the first two thirteen years are too few.
-#}
{% macro are_too_near_in_age(one, other, are_linked=false) -%}
    (
        abs(
            cast(substr(cast({{ one }}.birth_date as varchar), 1, 4) as integer)
            - cast(substr(cast({{ other }}.birth_date as varchar), 1, 4) as integer)
        ) < 13
        {%- if not are_linked %}
        and (
            coalesce({{ one }}.address = {{ other }}.address, false)
            or coalesce({{ one }}.phone = {{ other }}.phone, false)
            or coalesce({{ engine('typing_errors', one ~ '.email', other ~ '.email') }} <= 2, false)
            or coalesce(
                {{ one }}.email_local = {{ other }}.email_local
                and length({{ digits_of(one ~ '.email_local') }}) > 1,
                false
            )
        )
        {%- endif %}
    )
{%- endmacro %}

{#- Other numbers and another street. Null or false if one is unknown or has no number. -#}
{% macro addresses_differ(one, other) -%}
    {%- set one_street = letters_of(one ~ '.address') -%}
    {%- set other_street = letters_of(other ~ '.address') -%}
    (
        {{ both_differ(digits_of(one ~ '.address'), digits_of(other ~ '.address')) }}
        and {{ engine('text_similarity', one_street, other_street) }} < 0.75
        and not starts_with({{ one_street }}, {{ other_street }})
        and not starts_with({{ other_street }}, {{ one_street }})
    )
{%- endmacro %}

{% macro digits_of(expression) -%}
    regexp_replace({{ expression }}, '[^0-9]', '', 'g')
{%- endmacro %}

{% macro letters_of(expression) -%}
    regexp_replace({{ expression }}, '[0-9]', '', 'g')
{%- endmacro %}

{% macro has_latin(name) -%}
    regexp_matches(coalesce({{ name }}.given_name, {{ name }}.surname), '[a-z]')
{%- endmacro %}

{#- Whether both texts have something in them, and not the same. -#}
{% macro both_differ(one_text, other_text) -%}
    ({{ one_text }} <> {{ other_text }} and {{ one_text }} <> '' and {{ other_text }} <> '')
{%- endmacro %}
