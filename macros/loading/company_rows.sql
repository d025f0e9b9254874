{#-
    Post-hook of every seed: makes it anew with the rows of the company's file of the same name laid
    over the shipped ones, by key (scripts/strata/seeds.py says how). The company's folder is that of
    the dbt project that is run; in Strata itself there is none.
-#}
{% macro company_rows() %}
    {% if execute and project_name != 'strata' %}
        {% set folder, name = model.original_file_path.split('/')[1:] %}
        {% set file = invocation_args_dict.project_dir ~ '/' ~ folder ~ '/' ~ name %}
        {% set files = run_query("select unnest(strata_raw_files('" ~ (invocation_args_dict.project_dir ~ '/' ~ folder) | replace("'", "''") ~ "'))") %}
        {% if file in files.columns[0].values() %}
            create or replace table {{ this }} as
            select
                {% for column, type in config.get('column_types').items() %}
                cast(rows.cells ->> '{{ column }}' as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
                {% endfor %}
            from (
                select unnest(strata_seed_rows(
                    '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}', '{{ file | replace("'", "''") }}'
                )) as cells
            ) as rows
        {% endif %}
    {% endif %}
{% endmacro %}
