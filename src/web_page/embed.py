#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts a page into the program: embed.py PAGE.html OUTPUT.hpp NAMESPACE NAME

Reads the styles and scripts that the page refers to into it, so that it is one
file, and lets it run only them: {{POLICY}} becomes a content security policy
that names their hashes. Writes a header with the page as NAMESPACE::NAME.
"""

import base64
import hashlib
import pathlib
import re
import sys

HEADER = """// SPDX-License-Identifier: MIT
// Made by embed.py.
#pragma once

#include <string_view>

// What the standard asks of compilers is less long; those that build this take it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"

namespace {namespace} {{

inline constexpr std::string_view {name} = R"page({page})page";

}}  // namespace {namespace}

#pragma GCC diagnostic pop
"""

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
SCRIPT = re.compile(r'<script src="([^"]+)"></script>')


def hash_of(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def embed(page, reference, folder, element):
    """The page with what it refers to in it, and the hashes of that."""
    hashes = []

    def content(match):
        text = (folder / match[1]).read_text(encoding="utf-8")
        if f"</{element}" in text:
            sys.exit(f"embed.py: {match[1]} would end its element")
        hashes.append(hash_of(text))
        return f"<{element}>{text}</{element}>"

    return reference.sub(content, page), " ".join(hashes)


def main(source, output, namespace, name):
    folder = pathlib.Path(source).parent
    page = pathlib.Path(source).read_text(encoding="utf-8")
    page, styles = embed(page, STYLE, folder, "style")
    page, scripts = embed(page, SCRIPT, folder, "script")
    policy = (
        f"default-src 'none'; style-src {styles}; script-src {scripts}; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    page = page.replace("{{POLICY}}", policy)
    header = HEADER.format(namespace=namespace, name=name, page=page)
    pathlib.Path(output).write_text(header, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
