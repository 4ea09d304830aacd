"""Whether documents are JUnit as Jenkins reads it: what is wrong with each, a line each.

    python junit.py SCHEMA DOCUMENT…
"""

import sys

import xmlschema


def main(schema, documents):
    schema = xmlschema.XMLSchema(schema)
    for document in documents:
        for error in schema.iter_errors(document):
            print(f"{document}: {error.path}: {error.reason}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
