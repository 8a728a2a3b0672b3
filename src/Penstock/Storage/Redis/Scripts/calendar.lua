-- Days since 1970 and months, of UTC (the civil calendar, counted in years that begin in March).
local DAY = 86400

local function first_of(month)
  local year, index = math.floor((month - 1) / 12), (month - 1) % 12 + 1
  if index <= 2 then
    year = year - 1
  end
  local era = math.floor(year / 400)
  local of_era = year - era * 400
  local of_year = math.floor((153 * ((index + 9) % 12) + 2) / 5)
  return era * 146097 + of_era * 365 + math.floor(of_era / 4) - math.floor(of_era / 100) + of_year - 719468
end

local function month_of(day)
  local shifted = day + 719468
  local era = math.floor(shifted / 146097)
  local of_era = shifted - era * 146097
  local year = math.floor(
    (of_era - math.floor(of_era / 1460) + math.floor(of_era / 36524) - math.floor(of_era / 146096)) / 365
  )
  local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local index = math.floor((5 * of_year + 2) / 153)
  local month = index < 10 and index + 3 or index - 9
  return (year + era * 400 + (month <= 2 and 1 or 0)) * 12 + month
end

