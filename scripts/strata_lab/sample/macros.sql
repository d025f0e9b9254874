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

-- A moment in one of three notations that keep the second, for times that are compared.
create macro exact_time(moment, chance) as case
    when chance < 0.80 then plain_time(moment)
    when chance < 0.90 then strftime(moment, '%Y-%m-%dT%H:%M:%S+08:00')
    else strftime(moment - interval 8 hour, '%Y-%m-%dT%H:%M:%SZ')
end;

create macro day_of(moment) as cast(moment as date) - getvariable('first_date');

-- A moment at work on a day, or on the Friday before a weekend; the office keeps its own hours, the
-- books are kept in Shanghai. Never after the end.
create macro office_time(day_no, utc_offset, hour_chance, minute_chance) as
    cast(date_of(
        least(day_no, 1094) - greatest(0, isodow(date_of(least(day_no, 1094))) - 5)
    ) as timestamp)
    + to_hours(one_of(hour_chance, [9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, 17]) + 8 - utc_offset)
    + to_seconds(below(minute_chance, 3600));

-- The same for people at home, on any day.
create macro home_time(day_no, utc_offset, hour_chance, minute_chance) as
    cast(date_of(least(day_no, 1094)) as timestamp)
    + to_hours(one_of(hour_chance, [8, 9, 10, 12, 13, 15, 18, 19, 20, 20, 21]) + 8 - utc_offset)
    + to_seconds(below(minute_chance, 3600));

-- A moment some time later, but not after the end.
create macro not_after_end(moment) as
    least(moment, cast(getvariable('last_date') as timestamp) + interval 86399 second);

-- A word, or now and then what people write for it.
create macro said(word, other, chance) as if(chance < 0.15, other, word);

create macro cny_per_unit(currency) as
    case currency when 'USD' then 7.1 when 'EUR' then 7.8 else 1 end;

-- Whole money, rounded as people round it.
create macro rounded(amount, step) as cast(cast(round(amount / step) * step as bigint) as varchar);

-- Readers of the newsletter and their consent; a company's people have keys of their own.
create macro subscribes(entity_no) as uniform(entity_no, 'subscribes') < 0.6;
create macro not_to_be_contacted(reader) as uniform(reader, 'do not contact') < 0.015;
create macro opted_in(reader, channel) as
    not not_to_be_contacted(reader)
    and uniform(reader, concat('opt in ', channel))
        < case channel
            when 'email' then 0.75
            when 'sms' then 0.4
            when 'wechat' then 0.5
            else 0.25
        end;

create macro consumer_wechat(entity_no, country) as
    if(country = 'CN' and uniform(entity_no, 'wechat') < 0.5,
        concat('wxid_', left(md5(concat('wechat', getvariable('seed'), entity_no)), 14)), null);

create macro consent(reader, channel) as if(
    opted_in(reader, channel),
    choose(concat(reader, channel), 'consent', ['yes', 'yes', 'true', '1', 'Y', '是']),
    choose(concat(reader, channel), 'consent', ['no', 'no', 'false', '0', '否', null])
);

-- 'A' and 12 -> 'A00000012'.
create macro key_of(letters, number) as concat(letters, lpad(cast(number as varchar), 8, '0'));

-- Values that occur nowhere else, by their number.
create macro canary_digits(number) as lpad(cast(number as varchar), 4, '0');
create macro canary_name(number) as concat('Canary Quillfeather-', canary_digits(number));
create macro canary_email(number) as concat(
    'canary.', canary_digits(number), '@quillfeather-', canary_digits(number), '.example'
);
-- Alaska: no other phone of the sample begins with +1907.
create macro canary_phone(number) as concat('+1907220', canary_digits(number));
create macro canary_wechat(number) as concat('quillfeather_wx_', canary_digits(number));

-- Consumers also give their age, birthday and national id.
create macro age_of(entity_no) as
    cast(greatest(20, least(82, 46 + 14 * bell(draw(entity_no, 'age')))) as integer);
create macro born_on(entity_no) as make_date(
    year(getvariable('last_date')) - age_of(entity_no),
    cast(1 + pick(entity_no, 'birth month', 12) as integer),
    cast(1 + pick(entity_no, 'birth day', 28) as integer)
);
-- No real number starts with 99.
create macro national_id_of(entity_no, country) as if(
    country = 'CN',
    concat('99', lpad(cast(pick(entity_no, 'national id', 10000) as varchar), 4, '0'),
        strftime(born_on(entity_no), '%Y%m%d'),
        lpad(cast(entity_no % 10000 as varchar), 4, '0')),
    concat('99', lpad(cast(entity_no as varchar), 8, '0'))
);
