{#-
    The veto: why two records that resemble each other are two customers all the same, whatever rule
    or score would join them; null if nothing speaks against it. Missing values are no evidence. The
    answer is a kind of `review_kinds`:

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
    {%- set are_births_alike = birth_dates_alike(one, other) -%}

    {%- set are_full_names_alike -%}
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
    {%- endset -%}

    {#- Other numbers and another street. Null or false if one is unknown or has no number. -#}
    {%- set one_street = "regexp_replace(" ~ one ~ ".address, '[0-9]', '', 'g')" -%}
    {%- set other_street = "regexp_replace(" ~ other ~ ".address, '[0-9]', '', 'g')" -%}
    {%- set are_addresses_different -%}
        (
            {{ digits_differ(one ~ '.address', other ~ '.address') }}
            and {{ engine('text_similarity', one_street, other_street) }} < 0.75
            and not starts_with({{ one_street }}, {{ other_street }})
            and not starts_with({{ other_street }}, {{ one_street }})
        )
    {%- endset -%}

    {#-
        People of like names who share a home, a phone number or an e-mail address (but for two typing
        errors) are parent and child, or the same person; thirteen years are too few for the former.
    -#}
    {%- set are_too_near_in_age -%}
        (
            abs(
                cast(substr(cast({{ one }}.birth_date as varchar), 1, 4) as integer)
                - cast(substr(cast({{ other }}.birth_date as varchar), 1, 4) as integer)
            ) < 13
            {%- if not are_linked %}
            and (
                coalesce({{ one }}.address = {{ other }}.address, false)
                or coalesce({{ one }}.phone = {{ other }}.phone, false)
                or coalesce(
                    {{ engine('typing_errors', one ~ '.email', other ~ '.email') }} <= 2, false
                )
                or coalesce(
                    {{ one }}.email_local = {{ other }}.email_local
                    and length(regexp_replace({{ one }}.email_local, '[^0-9]', '', 'g')) > 1,
                    false
                )
            )
            {%- endif %}
        )
    {%- endset -%}

    case
        when {{ digits_differ(one ~ '.name_key', other ~ '.name_key') }}
            and not coalesce({{ one }}.tax_id = {{ other }}.tax_id, false)
            then 'different_name_numbers'
        when {{ one }}.national_id = {{ other }}.national_id
            and ({{ are_births_alike }} or {{ are_full_names_alike }})
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
                    {{ are_births_alike }}
                    or (
                        {{ one }}.national_id = {{ other }}.national_id
                        and not {{ are_addresses_different }}
                    )
                )
                {%- endif %},
                false
            )
            then 'different_names'
        when {{ one }}.given_name <> {{ other }}.given_name
            and {{ one }}.given_name <> {{ other }}.surname
            and {{ digits_differ(one ~ '.email_local', other ~ '.email_local') }}
            and not coalesce({{ are_births_alike }}, false)
            then 'different_names'
        when coalesce({{ one }}.generation, '1') <> coalesce({{ other }}.generation, '1')
            and not coalesce({{ one }}.birth_date = {{ other }}.birth_date, false)
            and not coalesce({{ one }}.email = {{ other }}.email, false)
            then 'different_generations'
        when not {{ are_births_alike }}
            and not coalesce(
                not {{ has_households }}
                {%- if not are_linked %}
                and not {{ are_addresses_different }}
                {%- endif %},
                false
            )
            and not coalesce({{ are_too_near_in_age }}, false)
            then 'different_birth_dates'
        when {{ one }}.birth_date <> {{ other }}.birth_date
            and {{ are_addresses_different }}
            then 'different_homes'
        when {{ one }}.customer_type = 'business'
            and (
                {{ are_addresses_different }}
                or {{ one }}.company_domain <> {{ other }}.company_domain
            )
            and not coalesce({{ one }}.tax_id = {{ other }}.tax_id, false)
            and not coalesce({{ one }}.phone = {{ other }}.phone, false)
            and not coalesce({{ one }}.email = {{ other }}.email, false)
            and not coalesce({{ one }}.company_domain = {{ other }}.company_domain, false)
            and not coalesce({{ one }}.address = {{ other }}.address, false)
            then 'different_homes'
    end
{%- endmacro %}

{#- Whether both texts have digits in them, and not the same. -#}
{% macro digits_differ(one_text, other_text) -%}
    {%- set one_digits = "regexp_replace(" ~ one_text ~ ", '[^0-9]', '', 'g')" -%}
    {%- set other_digits = "regexp_replace(" ~ other_text ~ ", '[^0-9]', '', 'g')" -%}
    ({{ one_digits }} <> {{ other_digits }} and {{ one_digits }} <> '' and {{ other_digits }} <> '')
{%- endmacro %}
