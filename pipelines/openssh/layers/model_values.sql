SELECT o.feature, o.value, o.entities
FROM own_values o
ORDER BY o.feature, o.value
