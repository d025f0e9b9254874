{#-
    Functions that differ between engines, by name: `{{ "{{ engine('row_hash', columns) }}" }}`.

    Each engine has one page in this folder, named after its dbt adapter. A page holds what its
    engine spells in its own way and leaves the rest to `default.sql`. To add an engine, add its page.

    name: a function of this list; then its arguments, SQL expressions unless the list differs:

    array_of(values)            array of values of one type; values: list
    array_item(array, position) item of an array, counted from 1; null for a null position
    current_business_date()     date: today in `var('business_time_zone')`. Only
                                `stg_strata__run_limits` may ask
    comparable_text(text)       text as names and addresses are compared: lower case, without
                                accents, in simplified Chinese characters, anything but letters and
                                digits made one blank, null if nothing is left: 'Düsseldorf (Nord)'
                                becomes 'dusseldorf nord'. text: cleaned by `clean_text`
    first_filled(value, rank)   aggregate: value of the first row that has one. rank: column that no
                                two rows of the group share, 1 for the first
    grouped_digits(number, decimals)
                                text: a number with a comma between thousands; decimals: how many
    in_base_currency(amount, exchange_rate)
                                decimal(18, 4): amount decimal(18, 4) times rate decimal(28, 8)
    is_ascii_word(text)         boolean: nothing that `clean_text` would change; false if unsure
    is_trimmed_ascii(text)      boolean: nothing that `clean_key` would change; false if unsure
    local_date(text)            date of an ISO text that names no zone
    local_timestamp(text)       UTC timestamp of an ISO text in `var('business_time_zone')`
    matches_pattern(value, pattern)
                                boolean: a text matches a regular expression that is itself a
                                column; neither is null
    normalise_unicode(text)     NFKC form without invisible characters: full-width letters and
                                digits become ASCII
    phone_e164(text)            text: the first valid phone number in it as E.164
                                (`+8613812345678`), without extension, null if there is none.
                                Numbers without a country prefix are read as of
                                `var('default_phone_country')`. text: cleaned by `clean_text`
    phone_rest(text)            boolean: the text says more than the number that `phone_e164` takes:
                                a second number, an extension, a name; not null
    quantity_times_price(quantity, unit_price)
                                decimal(18, 4): the product of two decimal(18, 4)
    raw_value(raw_values, name) text: one raw value of a row; raw_values: column made by
                                `raw_values`
    raw_values(row_text, columns)
                                text: raw values of a row as a JSON object; row_text: all of them in
                                one text, separated by chr(31), null as chr(30); columns: list of
                                names
    row_hash(columns)           number or text that is equal for rows of equal content; columns:
                                list, null equals null
    same_letters(one, other)    boolean: two texts consist of the same letters in any order; where
                                the engine cannot tell, whether they are equal
    seed_rows(relation)         the rows of a seed with `line`, their place in it, the header being 1:
                                for the tests in tests/data/seeds, which `strata policy lint` runs
                                over the files themselves. relation: as `ref('rules')`
    share_of_hundred(text)      integer from 0 to 99, always the same for a text: the share of texts
                                below n is n %
    text_similarity(one, other) double from 0 to 1: Jaro-Winkler for texts of Latin letters, else 1
                                if they are equal and 0 if not. Chinese names are too short for a
                                typing error to be told from another name: brothers often share a
                                character
    typing_errors(one, other)   integer: letters typed wrongly, left out or added between two texts.
                                Two neighbours that changed places are one error, or two where the
                                engine cannot tell
    zoned_date(text)            as local_date, of an ISO text that names a zone
    zoned_timestamp(text)       as local_timestamp, of an ISO text that names a zone
-#}
{% macro engine(name) -%}
    {{ return(adapter.dispatch('engine', 'strata')(name, varargs)) }}
{%- endmacro %}
