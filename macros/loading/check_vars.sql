{#-
    Stops a run whose vars are not what `dbt_project.yml` says they are, with one line for each: they
    are written into SQL, so none may hold anything but a value of its type.

    Example: `base_currency` `eur'` stops with "var base_currency is eur': write an ISO 4217 code, such as CNY".
-#}
{% macro check_vars() %}
    {% set forms = {
        'as_of_date': ['(|[0-9]{4}-[0-9]{2}-[0-9]{2})', 'a date, such as 2026-06-30, or nothing'],
        'base_currency': ['[A-Z]{3}', 'an ISO 4217 code, such as CNY'],
        'business_time_zone': ['[A-Za-z0-9_+/-]+', 'an IANA time zone, such as Asia/Shanghai'],
        'default_customer_type': ['business|consumer', 'business or consumer'],
        'default_phone_country': ['[A-Z]{2}', 'an ISO 3166 code, such as CN'],
        'history_quarters': ['[0-9]{1,3}', 'a whole number from 0 to 400, without quotes'],
        'raw_data_dir': ['[^\\x00-\\x1f]+', 'a folder'],
        'segmentation_policy': ['[A-Za-z0-9_]+', 'a policy_key of the seed policies'],
    } %}
    {% set problems = [] %}
    {% for name, (form, meaning) in forms.items() %}
        {% set value = var(name) %}
        {% set text = '' if value is none else value | string %}
        {% set is_good = modules.re.fullmatch(form, text) is not none %}
        {% if is_good and name == 'as_of_date' and text %}
            {% set month, day = text[5:7] | int, text[8:] | int %}
            {% set is_good = 1 <= month <= 12 and day >= 1 and text[:4] | int >= 1000
                and (modules.datetime.date(text[:4] | int, month, 1)
                     + modules.datetime.timedelta(days=day - 1)).month == month %}
        {% elif is_good and name == 'business_time_zone' %}
            {% set is_good = text in modules.pytz.all_timezones_set %}
        {% elif is_good and name == 'history_quarters' %}
            {% set is_good = value is integer and value <= 400 %}
        {% endif %}
        {% if not is_good %}
            {% do problems.append('var ' ~ name ~ ' is ' ~ (text or 'empty') ~ ': write ' ~ meaning) %}
        {% endif %}
    {% endfor %}
    {% if var('source_files') is not mapping %}
        {% do problems.append('var source_files is ' ~ var('source_files') ~ ': write tables, such as {erp_orders: {decimal: ","}}') %}
    {% endif %}
    {% if problems %}
        {{ exceptions.raise_compiler_error(problems | join('\n')) }}
    {% endif %}
{% endmacro %}
