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

-- One draw makes four dice, numbered 0 to 3: each uniform in [0, 1), in steps of 1/65536. Cheaper
-- where a table has millions of rows.
create macro roll(dice, number) as ((dice >> (16 * number)) & 65535) / 65536.0;

-- One of a list, and a whole number from 0 to size - 1, by a chance in [0, 1).
create macro one_of(chance, choices) as choices[1 + cast(floor(chance * len(choices)) as bigint)];
create macro below(chance, size) as cast(floor(chance * size) as bigint);

-- Roughly normal, mean 0, standard deviation 1, within 3.5: the sum of four dice.
create macro bell(dice) as
    (roll(dice, 0) + roll(dice, 1) + roll(dice, 2) + roll(dice, 3) - 2) * 1.7320508;

-- The date of a day, counted from the first of the three years, which is day 0.
create macro date_of(day_no) as getvariable('first_date') + cast(day_no as integer);

-- 123456 -> '1234.56'.
create macro money(cents) as
    concat(cents // 100, '.', lpad(cast(cents % 100 as varchar), 2, '0'));

-- The same amount as systems write it: '1234.50', '1234.5', '1200', ' 1234.50 '.
create macro money_as_written(cents, chance) as case
    when chance < 0.02 then concat(' ', money(cents), ' ')
    when chance < 0.10 and cents % 100 = 0 then cast(cents // 100 as varchar)
    when chance < 0.20 and cents % 10 = 0 then rtrim(money(cents), '0')
    else money(cents)
end;

create macro plain_time(moment) as strftime(moment, '%Y-%m-%d %H:%M:%S');

-- A moment of Shanghai wall time in one of five notations, all of them the same business date.
create macro time_as_written(moment, chance) as case
    when chance < 0.72 then plain_time(moment)
    when chance < 0.82 then strftime(moment, '%Y-%m-%dT%H:%M:%S+08:00')
    when chance < 0.90 then strftime(moment - interval 8 hour, '%Y-%m-%dT%H:%M:%SZ')
    when chance < 0.96 then strftime(moment, '%Y/%m/%d %H:%M')
    else concat(year(moment), '年', month(moment), '月', day(moment), '日')
end;

create macro currency_as_written(currency, chance) as one_of(chance, case currency
    when 'CNY' then ['CNY', 'CNY', 'CNY', 'CNY', 'rmb', null]
    when 'USD' then ['USD', 'USD', 'USD', 'usd']
    else ['EUR', 'EUR', 'EUR', 'eur']
end);

create macro spaced(value, chance) as case
    when chance < 0.01 then concat(' ', value)
    when chance < 0.02 then concat(value, '  ')
    else value
end;

create macro full_width(value) as
    translate(value, '0123456789+-() ', '０１２３４５６７８９＋－（）　');
