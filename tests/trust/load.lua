-- What wrk sends to tests/packages/fpm/app.php and tests/trust/server.py: in turn a signed Kommo request and a salt to be signed. The
-- arguments are Date, Content-MD5 and X-Signature.
local turn = 0
local headers = { ["Content-Type"] = "application/json" }

function init(arguments)
    headers["Date"], headers["Content-MD5"], headers["X-Signature"] = arguments[1], arguments[2], arguments[3]
end

function request()
    turn = turn + 1
    if turn % 2 == 0 then
        return wrk.format("GET", "/salt/" .. turn)
    end
    return wrk.format("POST", "/v2/origin/custom/1/connect?x=%2F", headers, '{"title":"MyKommo"}')
end
