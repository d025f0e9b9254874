-- Everything random comes from here: md5 of (seed, purpose, id), so that a row's values depend on
-- nothing but the seed and its own key. `id` is a number or text, `purpose` a word.

create macro draw(id, purpose) as
    md5_number_lower(concat(getvariable('seed'), '|', purpose, '|', id));

-- Uniform in [0, 1).
create macro uniform(id, purpose) as (draw(id, purpose) >> 11) / 9007199254740992.0;

-- Whole number from 0 to size - 1.
create macro pick(id, purpose, size) as cast(draw(id, purpose) % size as bigint);

-- One of a list.
create macro choose(id, purpose, choices) as choices[1 + pick(id, purpose, len(choices))];

-- Roughly normal, mean 0, standard deviation 1, within 3.5: four uniforms of one draw.
create macro bell(id, purpose) as
    (
        (draw(id, purpose) & 65535) + ((draw(id, purpose) >> 16) & 65535)
        + ((draw(id, purpose) >> 32) & 65535) + (draw(id, purpose) >> 48)
        - 131070.0
    ) / 65535.0 * 1.7320508;

-- The date of a day, counted from the first of the three years, which is day 0.
create macro date_of(day_no) as getvariable('first_date') + cast(day_no as integer);

-- 123456 -> '1234.56'.
create macro money(cents) as
    concat(cents // 100, '.', lpad(cast(cents % 100 as varchar), 2, '0'));

-- The same amount as systems write it: '1234.50', '1234.5', '1200', ' 1234.50 '.
create macro money_as_written(cents, id) as case
    when uniform(id, 'money') < 0.02 then concat(' ', money(cents), ' ')
    when uniform(id, 'money') < 0.10 and cents % 100 = 0 then cast(cents // 100 as varchar)
    when uniform(id, 'money') < 0.20 and cents % 10 = 0 then rtrim(money(cents), '0')
    else money(cents)
end;

create macro plain_time(moment) as strftime(moment, '%Y-%m-%d %H:%M:%S');

-- A moment of Shanghai wall time in one of five notations, all of them the same business date.
create macro time_as_written(moment, id) as case
    when uniform(id, 'time') < 0.72 then plain_time(moment)
    when uniform(id, 'time') < 0.82 then strftime(moment, '%Y-%m-%dT%H:%M:%S+08:00')
    when uniform(id, 'time') < 0.90 then strftime(moment - interval 8 hour, '%Y-%m-%dT%H:%M:%SZ')
    when uniform(id, 'time') < 0.96 then strftime(moment, '%Y/%m/%d %H:%M')
    else concat(year(moment), '年', month(moment), '月', day(moment), '日')
end;

create macro currency_as_written(currency, id) as case
    when currency = 'CNY' then choose(id, 'currency', ['CNY', 'CNY', 'CNY', 'CNY', 'rmb', null])
    when currency = 'USD' then choose(id, 'currency', ['USD', 'USD', 'USD', 'usd'])
    else choose(id, 'currency', ['EUR', 'EUR', 'EUR', 'eur'])
end;

create macro spaced(value, id) as case
    when uniform(id, 'space') < 0.01 then concat(' ', value)
    when uniform(id, 'space') < 0.02 then concat(value, '  ')
    else value
end;

create macro full_width(value) as
    translate(value, '0123456789+-() ', '０１２３４５６７８９＋－（）　');
