"""Write every generated file."""

from spanwise.semconv.generate import write


if __name__ == "__main__":
    write()
