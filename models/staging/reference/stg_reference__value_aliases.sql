-- one row per kind of value and word that stands for it
select
    value_kind,
    {{ clean_word('alias') }} as word,
    value
from {{ ref('value_aliases') }}
