{#-
    Makes schema `raw` before a run: for every table of the source contract a view over its file in
    `var('raw_data_dir')`, or an empty view with the same columns where there is no file. All columns
    are text, named as in the contract; staging casts them. Stops the run, before any model, with one
    line for each thing that is missing.

    A column may declare `config: {meta: {date_order: day_first}}` (or `month_first`): its
    `03/04/2024` is then read that way instead of being rejected as ambiguous.

    Engines other than DuckDB read the company's own tables of the same names, so nothing is made.
-#}
{% macro prepare_raw() %}
    {% if execute and flags.WHICH in ['build', 'run', 'test', 'seed', 'snapshot', 'compile', 'docs',
                                      'generate', 'source', 'freshness', 'retry', 'show'] %}
        {{ return(adapter.dispatch('prepare_raw')()) }}
    {% endif %}
{% endmacro %}

{% macro default__prepare_raw() %}{% endmacro %}

{% macro duckdb__prepare_raw() %}
    {% set folder = var('raw_data_dir') %}
    {% set files = run_query("select file from glob('" ~ folder | replace("'", "''") ~ "/*') order by file") %}
    {% set files = files.columns[0].values() %}
    {% set problems = [] %}
    {% set statements = [] %}
    {% set found = [] %}
    {% for source in graph.sources.values() if source.schema == 'raw' %}
        {% set matches = [] %}
        {% for file in files %}
            {% set name = (file | replace('\\', '/')).split('/')[-1] | lower %}
            {% if name in [source.identifier ~ '.parquet', source.identifier ~ '.csv', source.identifier ~ '.xlsx'] %}
                {% do matches.append(file) %}
            {% endif %}
        {% endfor %}
        {% do found.extend(matches) %}
        {% if matches | length > 1 %}
            {% do problems.append(matches | join(' and ') ~ ': two files for one table; remove one') %}
        {% elif matches | length == 1 %}
            {% do statements.append(strata_raw_view(source, matches[0], problems)) %}
        {% elif source.config.meta.get('required') %}
            {% do problems.append(folder ~ '/' ~ source.identifier ~ '.parquet (or .csv, .xlsx): missing; it is the one table that Strata needs') %}
        {% else %}
            {% do statements.append(strata_empty_view(source)) %}
        {% endif %}
    {% endfor %}
    {% if found | length == 0 %}
        {{ exceptions.raise_compiler_error("No raw data in " ~ folder ~ ": make a sample company with `strata data sample --out data`, or templates for your own with `strata data init " ~ folder ~ "`") }}
    {% elif problems %}
        {{ exceptions.raise_compiler_error(problems | join('\n')) }}
    {% endif %}
    {% do run_query('create schema if not exists raw') %}
    {% for statement in statements %}
        {% do run_query(statement) %}
    {% endfor %}
{% endmacro %}

{% macro strata_raw_view(source, file, problems) %}
    {% set path = "'" ~ file | replace("'", "''") ~ "'" %}
    {% set reader = run_query('select strata_raw_relation(' ~ path ~ ')').columns[0].values()[0] %}
    {% set present = {} %}
    {% for column in run_query('describe select * from ' ~ reader) %}
        {% do present.update({column[0] | trim | lower: column[0]}) %}
    {% endfor %}
    {% set expressions = [] %}
    {% for column in source.columns.values() %}
        {% if column.name in present %}
            {% set text = 'cast("' ~ present[column.name] | replace('"', '""') ~ '" as varchar)' %}
            {% set date_order = column.config.meta.get('date_order') %}
            {% if date_order in ['day_first', 'month_first'] %}
                {% set order = '\\3-\\2-\\1' if date_order == 'day_first' else '\\3-\\1-\\2' %}
                {% set text = "regexp_replace(" ~ text ~ ", '^\\s*(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})', '" ~ order ~ "')" %}
            {% endif %}
            {% do expressions.append(text ~ ' as ' ~ column.name) %}
        {% else %}
            {% if column.config.meta.get('required') %}
                {% do problems.append(file ~ ': column ' ~ column.name ~ ' is missing; it has ' ~ present.values() | join(', ')) %}
            {% endif %}
            {% do expressions.append('cast(null as varchar) as ' ~ column.name) %}
        {% endif %}
    {% endfor %}
    {{ return('create or replace view raw.' ~ source.identifier ~ ' as select ' ~ expressions | join(', ') ~ ' from ' ~ reader) }}
{% endmacro %}

{% macro strata_empty_view(source) %}
    {% set expressions = [] %}
    {% for column in source.columns.values() %}
        {% do expressions.append('cast(null as varchar) as ' ~ column.name) %}
    {% endfor %}
    {{ return('create or replace view raw.' ~ source.identifier ~ ' as select ' ~ expressions | join(', ') ~ ' where false') }}
{% endmacro %}
