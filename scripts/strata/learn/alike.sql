-- Two spellings of one name: like letters, or one begins the other ("rob" and "robert", "j" and
-- "james"). Short names and Chinese ones must be equal: there, one other letter is another name.
create macro is_alike(one, other, threshold) as (
    one = other
    or (
        unicode(one) < 880 and unicode(other) < 880
        and (
            starts_with(one, other)
            or starts_with(other, one)
            or (
                least(length(one), length(other)) > 2
                and jaro_winkler_similarity(one, other) >= threshold
            )
        )
    )
);

-- At most so many typing errors. The cheap test first: it passes all that the dear one does, for
-- values of five letters and more.
create macro is_near(one, other, errors) as (
    jaro_winkler_similarity(one, other) >= 0.8 and damerau_levenshtein(one, other) <= errors
);

create macro is_near_phone(one, other) as (
    is_near(one, other, 1) or starts_with(one, other) or starts_with(other, one)
);

create macro digits(expression) as regexp_replace(expression, '[^0-9]', '', 'g');
