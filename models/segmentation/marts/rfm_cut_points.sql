-- one row per as_of_date, customer type and RFM dimension
select
    as_of_date,
    customer_type,
    dimension,
    rfm_method,
    rfm_method_reason,
    buyer_count,
    cut_point_1,
    cut_point_2,
    cut_point_3,
    cut_point_4
from {{ ref('int_rfm__cut_points_history') }}
