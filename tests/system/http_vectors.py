# SPDX-License-Identifier: MIT
"""Requests in raw bytes, and how the server must answer each; run by http_conformance.py.

An outcome is the statuses in their order, then "closed" where the server must end the
connection; where it must not, the runner sees that the next request on it is answered.
`why` names the section of the RFC, or "ours" where the server is stricter than it must be.
"""

from typing import NamedTuple


class Vector(NamedTuple):
    name: str
    why: str
    sent: bytes
    outcome: str


HOST = b"Host: localhost\r\n"
SYMBOL = b"POST /pprof/symbol HTTP/1.1\r\n" + HOST
END = b"\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def line(text):
    """A request with this line and a Host."""
    return text + b"\r\n" + HOST + END


def get(fields=b""):
    return b"GET /healthz HTTP/1.1\r\n" + HOST + fields + END


def host(fields):
    return b"GET /healthz HTTP/1.1\r\n" + fields + END


def post(fields, body=b""):
    return SYMBOL + fields + END + body


def chunks(text):
    return post(CHUNKED, text)


def length(value, body=b"abc"):
    return post(b"Content-Length: " + value + b"\r\n", body)


def coding(value):
    return post(b"Transfer-Encoding: " + value + b"\r\n", b"0\r\n\r\n")


def fields(count):
    """Beside the Host."""
    return b"".join(b"X-%d: a\r\n" % i for i in range(count))


REQUEST_LINE = [
    ("plain request", "9112 3", get(), "200"),
    ("query", "9112 3.2.1", line(b"GET /healthz?a=b&c HTTP/1.1"), "200"),
    ("an empty line before", "9112 2.2", b"\r\n" + get(), "200"),
    ("two empty lines before", "ours; 2.2 asks for one", b"\r\n\r\n" + get(), "400 closed"),
    ("method in small letters", "9110 9.1", line(b"get /healthz HTTP/1.1"), "501 closed"),
    ("unknown method", "9110 9.1", line(b"BREW /healthz HTTP/1.1"), "501 closed"),
    ("method with a bad character", "9112 3.1", line(b"G(T /healthz HTTP/1.1"), "400 closed"),
    ("no version", "9112 3", line(b"GET /healthz"), "400 closed"),
    ("no target", "9112 3", line(b"GET HTTP/1.1"), "400 closed"),
    ("empty target", "9112 3", line(b"GET  HTTP/1.1"), "400 closed"),
    ("version 2.0", "9110 15.6.6", line(b"GET /healthz HTTP/2.0"), "505 closed"),
    ("version 0.9", "9110 15.6.6", line(b"GET /healthz HTTP/0.9"), "505 closed"),
    ("version 1.2", "ours; none exists", line(b"GET /healthz HTTP/1.2"), "505 closed"),
    ("version with two digits", "9112 2.3", line(b"GET /healthz HTTP/1.10"), "400 closed"),
    ("version in small letters", "9112 2.3", line(b"GET /healthz http/1.1"), "400 closed"),
    ("preface of HTTP/2", "9113 3.4", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 closed"),
    ("handshake of TLS", "9112 3", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400 closed"),
    ("two blanks", "9112 3", line(b"GET  /healthz HTTP/1.1"), "400 closed"),
    ("tab between", "9112 3", line(b"GET\t/healthz HTTP/1.1"), "400 closed"),
    ("blank in the target", "9112 3.2", line(b"GET /hea lthz HTTP/1.1"), "400 closed"),
    ("blank after the version", "9112 3", line(b"GET /healthz HTTP/1.1 "), "400 closed"),
    ("blank before the method", "9112 2.2", b" " + get(), "400 closed"),
    ("LF alone", "ours; 9112 2.2", get().replace(b"\r\n", b"\n"), "400 closed"),
    ("CR alone in the line", "9112 2.2", line(b"GET /healthz\rx HTTP/1.1"), "400 closed"),
    ("NUL in the target", "9112 3.2", line(b"GET /heal\0thz HTTP/1.1"), "400 closed"),
    ("fragment", "9112 3.2.1", line(b"GET /healthz#a HTTP/1.1"), "400 closed"),
    ("byte above 127 in the target", "9112 3.2", line(b"GET /h\xc3\xa9 HTTP/1.1"), "400 closed"),
    ("path without slash", "9112 3.2.1", line(b"GET healthz HTTP/1.1"), "400 closed"),
    ("broken escape", "3986 2.1", line(b"GET /healthz%4 HTTP/1.1"), "400 closed"),
    ("escape of a letter", "3986 6.2.2.2", line(b"GET /%68ealthz HTTP/1.1"), "200"),
    ("escape of NUL", "3986 2.1", line(b"GET /healthz%00 HTTP/1.1"), "404"),
    ("escape of LF is not reflected", "9112 11.1", line(b"GET /%0d%0aX:%20y HTTP/1.1"), "404"),
    ("dots are no way around", "3986 5.2.4", line(b"GET /debug/../healthz HTTP/1.1"), "404"),
    ("URL of 5,000 bytes", "9110 15.5.15", line(b"GET /" + b"x" * 5000 + b" HTTP/1.1"),
     "414 closed"),
]

TARGET_FORM = [
    ("absolute form", "9112 3.2.2", line(b"GET http://localhost/healthz HTTP/1.1"), "200"),
    ("absolute form of another host", "ours; 3.2.2", line(b"GET http://a/ HTTP/1.1"), "400 closed"),
    ("absolute form with a user", "9110 4.2.4", line(b"GET http://u@localhost/ HTTP/1.1"),
     "400 closed"),
    ("absolute form of another scheme", "9112 3.2", line(b"GET ftp://localhost/ HTTP/1.1"),
     "400 closed"),
    ("asterisk with GET", "9112 3.2.4", line(b"GET * HTTP/1.1"), "400 closed"),
    ("asterisk with OPTIONS", "9110 15.5.6", line(b"OPTIONS * HTTP/1.1"), "405 closed"),
    ("CONNECT", "9110 15.5.6", line(b"CONNECT localhost:80 HTTP/1.1"), "405 closed"),
    ("OPTIONS", "9110 15.5.6", line(b"OPTIONS /healthz HTTP/1.1"), "405"),
    ("TRACE", "9110 9.3.8", line(b"TRACE /healthz HTTP/1.1"), "405"),
    ("DELETE", "9110 15.5.6", line(b"DELETE /healthz HTTP/1.1"), "405"),
    ("PUT with a body",
     "9110 15.5.6", SYMBOL.replace(b"POST", b"PUT") + b"Content-Length: 1\r\n\r\na",
     "405 closed"),
    ("POST to what is for GET", "9110 15.5.6", line(b"POST /healthz HTTP/1.1"), "405"),
    ("GET of nothing", "9110 15.5.5", line(b"GET /nothing HTTP/1.1"), "404"),
    ("HEAD", "9110 9.3.2", line(b"HEAD /healthz HTTP/1.1"), "200"),
    ("HEAD of nothing", "9110 9.3.2", line(b"HEAD /nothing HTTP/1.1"), "404"),
]

HOST_FIELD = [
    ("no Host", "9112 3.2", host(b""), "400 closed"),
    ("no Host in 1.0", "ours", b"GET /healthz HTTP/1.0\r\n\r\n", "400 closed"),
    ("two Hosts", "9112 3.2", host(HOST + b"Host: evil.example\r\n"), "400 closed"),
    ("the same Host twice", "9112 3.2", host(HOST + b"hOST: localhost\r\n"), "400 closed"),
    ("empty Host", "9110 4.2.1", host(b"Host: \r\n"), "400 closed"),
    ("Host with a path", "9110 7.2", host(b"Host: localhost/a\r\n"), "400 closed"),
    ("Host with a user", "9110 7.2", host(b"Host: a@localhost\r\n"), "400 closed"),
    ("Host with a blank", "9110 7.2", host(b"Host: local host\r\n"), "400 closed"),
    ("list of Hosts", "9110 7.2", host(b"Host: localhost, localhost\r\n"), "400 closed"),
    ("Host with a port of letters", "9110 7.2", host(b"Host: localhost:http\r\n"), "400 closed"),
    ("Host with too large a port", "9110 7.2", host(b"Host: localhost:65536\r\n"), "400 closed"),
    ("Host with an open bracket", "9110 7.2", host(b"Host: [::1\r\n"), "400 closed"),
    ("Host with a port", "9110 7.2", host(b"Host: localhost:9090\r\n"), "200"),
    ("Host with an IPv6 address", "9110 7.2", host(b"Host: [::1]:9090\r\n"), "200"),
    ("Host in capitals", "9110 4.2.3", host(b"HOST: LOCALHOST\r\n"), "200"),
    ("Host of another site", "9110 15.5.20", host(b"Host: evil.example\r\n"), "421"),
]

FIELDS = [
    ("blank before the colon", "9112 5.1", get(b"X : a\r\n"), "400 closed"),
    ("folded over two lines", "9112 5.2", get(b"X: a\r\n b\r\n"), "400 closed"),
    ("folded by a tab", "9112 5.2", get(b"X: a\r\n\tb\r\n"), "400 closed"),
    ("blank before the first", "9112 2.2", host(b" X: a\r\n" + HOST), "400 closed"),
    ("no colon", "9112 5", get(b"nothing\r\n"), "400 closed"),
    ("empty name", "9112 5", get(b": a\r\n"), "400 closed"),
    ("bad character in the name", "9110 5.6.2", get(b"X(y): a\r\n"), "400 closed"),
    ("NUL in a value", "9110 5.5", get(b"X: a\0b\r\n"), "400 closed"),
    ("control byte in a value", "9110 5.5", get(b"X: a\x01b\r\n"), "400 closed"),
    ("DEL in a value", "9110 5.5", get(b"X: a\x7fb\r\n"), "400 closed"),
    ("CR alone in a value", "9110 5.5", get(b"X: a\rb\r\n"), "400 closed"),
    ("LF alone ends a field", "ours; 9112 2.2", get(b"X: a\n"), "400 closed"),
    ("byte above 127 in a value", "9110 5.5", get(b"X: \xe4\r\n"), "200"),
    ("tab in a value", "9110 5.5", get(b"X: a\tb\r\n"), "200"),
    ("empty value", "9110 5.5", get(b"X:\r\n"), "200"),
    ("blanks around a value", "9112 5.1", get(b"X: \t a \t \r\n"), "200"),
    ("no blank before a value", "9112 5.1", get(b"X:a\r\n"), "200"),
    ("100 fields", "ours", get(fields(99)), "200"),
    ("101 fields", "6585 5", get(fields(100)), "431 closed"),
    ("1,001 small fields", "6585 5", get(fields(1000)), "431 closed"),
    ("value of 9,000 bytes", "6585 5", get(b"X: " + b"x" * 9000 + b"\r\n"), "431 closed"),
    ("name of 9,000 bytes", "6585 5", get(b"x" * 9000 + b": a\r\n"), "431 closed"),
    ("Authorization twice", "9110 5.3", get(b"Authorization: a b\r\n" * 2), "400 closed"),
    ("range is not served", "9110 14.2", get(b"Range: bytes=0-1\r\n"), "200"),
    ("condition is not served", "9110 13.2.1", get(b"If-None-Match: *\r\n"), "200"),
]

LENGTH = [
    ("body by length", "9112 6.2", length(b"3"), "200"),
    ("length with zeros before", "9110 8.6", length(b"003"), "200"),
    ("no length, no body", "9112 6.3", post(b""), "200"),
    ("length twice, the same", "ours; 9110 8.6", length(b"3\r\nContent-Length: 3"), "400 closed"),
    ("length twice", "9110 8.6", length(b"3\r\nContent-Length: 4"), "400 closed"),
    ("list of lengths", "ours; 9110 8.6", length(b"3, 3"), "400 closed"),
    ("length with a sign", "9110 8.6", length(b"+3"), "400 closed"),
    ("length below 0", "9110 8.6", length(b"-1"), "400 closed"),
    ("length in hexadecimal", "9110 8.6", length(b"0x3"), "400 closed"),
    ("length of letters", "9110 8.6", length(b"three"), "400 closed"),
    ("empty length", "9110 8.6", length(b""), "400 closed"),
    ("length with a blank", "9110 8.6", length(b"3 3"), "400 closed"),
    ("length with a fraction", "9110 8.6", length(b"3.0"), "400 closed"),
    ("length above 64 bits", "9110 8.6", length(b"18446744073709551619"), "400 closed"),
    ("length of 2 MB", "9110 15.5.14", length(b"2000000", b""), "413 closed"),
    ("length of 1 GB", "9110 15.5.14", length(b"1073741824", b""), "413 closed"),
    ("body on GET", "ours; 9110 9.3.1", get(b"Content-Length: 1\r\n") + b"a", "413 closed"),
    ("chunked body on GET", "ours; 9110 9.3.1", get(CHUNKED) + b"0\r\n\r\n", "413 closed"),
    ("no body on GET, in words", "9110 9.3.1", get(b"Content-Length: 0\r\n"), "200"),
]

CODING = [
    ("length and chunked", "9112 6.1", post(CHUNKED + b"Content-Length: 3\r\n", b"0\r\n\r\n"),
     "400 closed"),
    ("chunked and length", "9112 6.1", post(b"Content-Length: 3\r\n" + CHUNKED, b"0\r\n\r\n"),
     "400 closed"),
    ("coding in 1.0", "9112 6.1", coding(b"chunked").replace(b"1.1", b"1.0"), "400 closed"),
    ("coding gzip", "9112 6.3", coding(b"gzip"), "400 closed"),
    ("coding gzip and length",
     "9112 6.1", post(b"Content-Length: 3\r\nTransfer-Encoding: gzip\r\n", b"abc"),
     "400 closed"),
    ("coding gzip, then chunked", "9112 6.1", coding(b"gzip, chunked"), "400 closed"),
    ("chunked is not the last", "9112 6.3", coding(b"chunked, gzip"), "400 closed"),
    ("chunked twice", "9112 6.1", coding(b"chunked, chunked"), "400 closed"),
    ("chunked in two fields", "9112 6.1", post(CHUNKED * 2, b"0\r\n\r\n"), "400 closed"),
    ("coding identity", "9112 7", coding(b"identity"), "400 closed"),
    ("coding of a like name", "9112 6.3", coding(b"xchunked"), "400 closed"),
    ("coding in quotes", "9112 7", coding(b'"chunked"'), "400 closed"),
    ("coding with a parameter", "9112 7", coding(b"chunked;q=1"), "400 closed"),
    ("coding after a control byte", "9110 5.5", coding(b"\x0bchunked"), "400 closed"),
    ("coding with a blank before its colon", "9112 5.1",
     post(b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n"), "400 closed"),
    ("empty coding", "9112 6.1", coding(b""), "400 closed"),
    ("coding in capitals", "9112 7", coding(b"CHUNKED"), "200"),
]

CHUNKS = [
    ("chunks", "9112 7.1", chunks(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "200"),
    ("no chunk", "9112 7.1", chunks(b"0\r\n\r\n"), "200"),
    ("size in capitals, with zeros", "9112 7.1", chunks(b"00A\r\n0123456789\r\n000\r\n\r\n"),
     "200"),
    ("extension", "9112 7.1.1", chunks(b"3;a=b\r\nabc\r\n0;c\r\n\r\n"), "200"),
    ("extension in quotes", "9112 7.1.1", chunks(b'3;a="b;c"\r\nabc\r\n0\r\n\r\n'), "200"),
    ("trailer", "9112 7.1.2", chunks(b"3\r\nabc\r\n0\r\nX: y\r\n\r\n"), "200"),
    ("size of letters", "9112 7.1", chunks(b"xyz\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("size below 0", "9112 7.1", chunks(b"-3\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("size with a sign", "9112 7.1", chunks(b"+3\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("size with 0x", "9112 7.1", chunks(b"0x3\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("size with a line", "9112 7.1", chunks(b"0_3\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("no size", "9112 7.1", chunks(b"\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("blank before the size", "9112 7.1", chunks(b" 3\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("size above 64 bits", "9112 7.1", chunks(b"10000000000000003\r\nabc\r\n0\r\n\r\n"),
     "400 closed"),
    ("size of 1 GB", "9110 15.5.14", chunks(b"40000000\r\n"), "413 closed"),
    ("data longer than the size", "9112 7.1", chunks(b"3\r\nabcd\r\n0\r\n\r\n"), "400 closed"),
    ("no end of data", "9112 7.1", chunks(b"3\r\nabc0\r\n\r\n"), "400 closed"),
    ("LF alone after the size", "9112 7.1", chunks(b"3\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("LF alone after the data", "9112 7.1", chunks(b"3\r\nabc\n0\r\n\r\n"), "400 closed"),
    ("CR alone in an extension", "9112 7.1.1", chunks(b"3;a\rb\r\nabc\r\n0\r\n\r\n"), "400 closed"),
    ("bad trailer", "9112 7.1.2", chunks(b"0\r\nX y\r\n\r\n"), "400 closed"),
    ("blank before the colon of a trailer", "9112 5.1", chunks(b"0\r\nX : y\r\n\r\n"),
     "400 closed"),
    ("length in a trailer", "9110 6.5.1", chunks(b"0\r\nContent-Length: 3\r\n\r\n"), "400 closed"),
]

EXPECT = [
    ("100 is waited for", "9110 10.1.1", length(b"3\r\nExpect: 100-continue"), "100 200"),
    ("100, in capitals", "9110 10.1.1", length(b"3\r\nExpect: 100-CONTINUE"), "100 200"),
    ("100 without a body", "9110 10.1.1", get(b"Expect: 100-continue\r\n"), "200"),
    ("100 for too large a body", "9110 10.1.1", length(b"2000000\r\nExpect: 100-continue", b""),
     "413 closed"),
    ("100 for what is not there", "9110 10.1.1",
     line(b"POST /nothing HTTP/1.1")[:-2] + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
     "404 closed"),
    ("another expectation", "9110 15.5.18", get(b"Expect: tea\r\n"), "417 closed"),
    ("expectation in 1.0", "9110 10.1.1", get(b"Expect: tea\r\n").replace(b"1.1", b"1.0"),
     "200 closed"),
]

CONNECTION = [
    ("close", "9112 9.6", get(b"Connection: close\r\n"), "200 closed"),
    ("close among others", "9112 9.6", get(b"Connection: x, Close\r\n"), "200 closed"),
    ("version 1.0", "9112 9.3", get().replace(b"1.1", b"1.0"), "200 closed"),
    ("version 1.0, kept", "9112 9.3", get(b"Connection: keep-alive\r\n").replace(b"1.1", b"1.0"),
     "200"),
    ("upgrade is not served", "9110 7.8", get(b"Connection: Upgrade\r\nUpgrade: h2c\r\n"), "200"),
    ("sent ahead", "9112 9.3.2", get() + line(b"GET /nothing HTTP/1.1") + get(), "200 404 200"),
    ("sent ahead after a body", "9112 9.3.2", length(b"3") + get(), "200 200"),
    ("sent ahead after chunks", "9112 9.3.2", chunks(b"3\r\nabc\r\n0\r\n\r\n") + get(), "200 200"),
    ("sent ahead after close", "9112 9.6", get(b"Connection: close\r\n") + get(), "200 closed"),
    ("sent ahead after a bad one", "9112 11.2", get(b"X : a\r\n") + get(), "400 closed"),
    ("hidden in the body that two lengths leave", "9112 11.2",
     length(b"0\r\nContent-Length: 36", get()), "400 closed"),
]

# Each takes as long as the server's deadline for a head or a body.
SILENCE = [
    ("a byte, then silence", "9110 15.5.9", b"G", "408 closed"),
    ("request line of 0.9, then silence", "9110 15.5.9", b"GET /healthz\r\n", "408 closed"),
    ("head without end, then silence", "9110 15.5.9", get()[:-2], "408 closed"),
    ("half of a body, then silence", "9110 15.5.9", length(b"6"), "408 closed"),
    ("LF alone in all chunks, then silence", "9112 7.1", chunks(b"1\na\n0\n\n"), "408 closed"),
    ("no last chunk, then silence", "9110 15.5.9", chunks(b"3\r\nabc\r\n"), "408 closed"),
]

VECTORS = [
    Vector(*each)
    for part in (
        REQUEST_LINE,
        TARGET_FORM,
        HOST_FIELD,
        FIELDS,
        LENGTH,
        CODING,
        CHUNKS,
        EXPECT,
        CONNECTION,
        SILENCE,
    )
    for each in part
]
