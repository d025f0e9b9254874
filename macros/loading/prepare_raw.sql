{#-
    Makes schema `raw` before a run: for every table of the source contract a view over its file in
    `var('raw_data_dir')`, or an empty view with the same columns where there is no file. All columns
    are text, named as in the contract; staging casts them. Stops the run, before any model, with one
    line for each thing that is missing.

    `var('source_files')` says how the file of a table is written. What DuckDB does not read (XLSX,
    other encodings) becomes a table, since its copy in UTF-8 is gone when the process ends.

    Engines other than DuckDB read the company's own tables of the same names, so nothing is made.
-#}
{% macro prepare_raw() %}
    {% if execute and adapter.type() == 'duckdb'
        and flags.WHICH in ['build', 'run', 'test', 'seed', 'snapshot', 'compile', 'docs', 'generate',
                            'source', 'freshness', 'retry', 'show'] %}
        {% set folder = var('raw_data_dir') %}
        {% if not folder.startswith('/') %}
            {% set folder = invocation_args_dict.project_dir ~ '/' ~ folder %}
        {% endif %}
        {% set path = "'" ~ folder | replace("'", "''") ~ "'" %}
        {% set files = run_query('select unnest(strata_raw_files(' ~ path ~ ')) as file').columns[0].values() %}
        {% set problems = [] %}
        {% if project_name != 'strata' %}
            {% set shipped = (graph.nodes.values() | selectattr('name', 'equalto', 'policies') | first).root_path %}
            {% set places = "'" ~ invocation_args_dict.project_dir | replace("'", "''") ~ "', '" ~ shipped | replace("'", "''") ~ "'" %}
            {% do problems.extend(run_query('select unnest(strata_company_problems(' ~ places ~ '))').columns[0].values()) %}
            {% if 'try_cast' not in dbt.safe_cast('1', 'integer') %}
                {% do problems.append('dbt_project.yml: write  dispatch: [{macro_namespace: dbt, search_order: [' ~ project_name ~ ', strata, dbt]}]') %}
            {% endif %}
        {% endif %}
        {% set statements = ['create schema if not exists raw'] %}
        {% set found = [] %}
        {% set old_kinds = {} %}
        {% for relation in run_query("select table_name, table_type from information_schema.tables where table_schema = 'raw' and table_catalog = current_database()") %}
            {% do old_kinds.update({relation[0]: 'view' if relation[1] == 'VIEW' else 'table'}) %}
        {% endfor %}
        {% for source in graph.sources.values() if source.schema == 'raw' %}
            {% set table = source.identifier %}
            {% set matches = [] %}
            {% for file in files %}
                {% set name = (file | replace('\\', '/')).split('/')[-1] | lower %}
                {% if name in [table ~ '.parquet', table ~ '.csv', table ~ '.xlsx'] %}
                    {% do matches.append(file) %}
                {% endif %}
            {% endfor %}
            {% do found.extend(matches) %}
            {% if matches | length > 1 %}
                {% do problems.append(matches | join(' and ') ~ ': two files for one table; remove one') %}
            {% elif not matches and source.config.meta.get('required') %}
                {% do problems.append(folder ~ '/' ~ table ~ '.parquet (or .csv, .xlsx): missing; it is the one table that Strata needs') %}
            {% endif %}
            {% set kind, query = raw_query(source, matches[0] if matches | length == 1, problems) %}
            {#- `or replace` alone does not make a view of a table, or the reverse. -#}
            {% if old_kinds.get(table, kind) != kind %}
                {% do statements.append('drop ' ~ old_kinds[table] ~ ' raw.' ~ table) %}
            {% endif %}
            {% do statements.append('create or replace ' ~ kind ~ ' raw.' ~ table ~ ' as ' ~ query) %}
        {% endfor %}
        {% if not found %}
            {{ exceptions.raise_compiler_error("No raw data in " ~ folder ~ ": make a sample company with `strata data sample --out data`, or templates for your own with `strata data init " ~ folder ~ "`") }}
        {% elif problems %}
            {{ exceptions.raise_compiler_error(problems | join('\n')) }}
        {% endif %}
        {% for statement in statements %}
            {% do run_query(statement) %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{#-
    Definition of a raw relation. source: node of the graph; file: path, undefined where there is
    none; problems: list that gets a line for each column missing. Returns kind (table or view) and
    select.
-#}
{% macro raw_query(source, file, problems) %}
    {% set text_of = {} %}
    {% set reader = none %}
    {% set declared = var('source_files').get(source.identifier, {}) %}
    {% if file %}
        {% set path = "'" ~ file | replace("'", "''") ~ "'" %}
        {% set meta = {} %}
        {% for option in ['encoding', 'decimal', 'thousands'] if option in declared %}
            {% do meta.update({option: declared[option]}) %}
        {% endfor %}
        {% set options = "'" ~ tojson(meta) | replace("'", "''") ~ "'" %}
        {% set reader = run_query('select strata_raw_relation(' ~ path ~ ', ' ~ options ~ ')').columns[0].values()[0] %}
        {% set present = {} %}
        {% set names = [] %}
        {% for column in run_query('describe select * from ' ~ reader) %}
            {% do names.append(column[0]) %}
            {% do present.update({column[0] | trim | lower: {'file_column': column[0], 'kind': column[1]}}) %}
        {% endfor %}
        {% set wanted = [] %}
        {% for column in source.columns.values() %}
            {% if column.name in present %}
                {% do wanted.append(dict(present[column.name], name=column.name, data_type=column.data_type, pii=column.config.meta.get('pii', false))) %}
            {% elif column.config.meta.get('required') %}
                {% do problems.append(file ~ ': column ' ~ column.name ~ ' is missing; it has ' ~ names | join(', ')) %}
            {% endif %}
        {% endfor %}
        {% set columns = "'" ~ tojson(wanted) | replace("'", "''") ~ "'" %}
        {% set texts = run_query('select unnest(strata_raw_texts(' ~ path ~ ', ' ~ options ~ ', ' ~ columns ~ '))').columns[0].values() %}
        {% for column in wanted %}
            {% do text_of.update({column.name: texts[loop.index0]}) %}
        {% endfor %}
    {% endif %}
    {% set expressions = [] %}
    {% for column in source.columns.values() %}
        {% set text = text_of.get(column.name, 'cast(null as varchar)') %}
        {% set date_order = declared.get('date_order', {}).get(column.name) %}
        {% if date_order in ['day_first', 'month_first'] %}
            {% set order = '\\3-\\2-\\1' if date_order == 'day_first' else '\\3-\\1-\\2' %}
            {% set text = "regexp_replace(" ~ text ~ ", '^\\s*(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})', '" ~ order ~ "')" %}
        {% endif %}
        {% do expressions.append(text ~ ' as ' ~ column.name) %}
    {% endfor %}
    {% set kind = 'table' if reader and "read_csv('/dev/fd/" in reader else 'view' %}
    {% set origin = ' from ' ~ reader if reader else ' where false' %}
    {{ return((kind, 'select ' ~ expressions | join(', ') ~ origin)) }}
{% endmacro %}
