-- crm_owners as exported: the people at the supplier who look after customers
create table crm_owners as
select
    owner_id,
    owner_name,
    concat(mailbox, '@meridian.example') as email,
    team,
    role,
    weekly_capacity,
    is_active,
    plain_time(cast(getvariable('first_date') as timestamp) + interval 33 hour) as updated_at,
from (values
    ('am_01', '陈静', 'chen.jing', 'key accounts', 'account_owner', '25', 'yes'),
    ('am_02', '王志远', 'wang.zhiyuan', 'key accounts', 'account_owner', '30', 'yes'),
    ('am_03', '李雪', 'li.xue', 'east china', 'account_owner', '40', 'yes'),
    ('am_04', '周建平', 'zhou.jianping', 'south china', 'account_owner', '40', '是'),
    ('am_05', 'Laura Bennett', 'laura.bennett', 'overseas', 'account_owner', '35', 'yes'),
    ('am_06', 'Thomas Keller', 'thomas.keller', 'overseas', 'account_owner', '35', null),
    ('am_07', '吴迪', 'wu.di', 'east china', 'account_owner', '0', 'no'),
    ('cc_01', '黄丽', 'huang.li', 'customer care', 'account_owner', '120', 'yes'),
    ('cc_02', '林晓', 'lin.xiao', 'customer care', 'account_owner', '120', 'yes'),
    ('ob_01', '许文', 'xu.wen', 'onboarding', 'onboarding', '20', 'yes'),
    ('ob_02', '郑颖', 'zheng.ying', 'onboarding', 'onboarding', '20', 'yes'),
    ('sd_01', '刘国华', 'liu.guohua', 'sales', 'sales_director', '10', 'yes')
) as owners (owner_id, owner_name, mailbox, team, role, weekly_capacity, is_active);
