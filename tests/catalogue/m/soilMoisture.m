function [moist, dry] = soilMoisture(moist, rain, drain)
% SOILMOISTURE  Water in the layers of a soil after a day of rain.
%   RAIN falls on the uppermost layer; each layer hands the part DRAIN of what
%   it holds to the one below it. DRY counts the layers below 0.1.
moist(1) = moist(1) + rain;
out = drain * moist;
moist = moist - out;
moist(2:end) = moist(2:end) + out(1:end-1);
moist = max(moist, 0.02);
moist = min(moist, 0.45);
dry = sum(moist < 0.1);
end
