"""The demo's data, made here from a fixed seed: no person in them exists."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20260101
Row = dict[str, object]


def parquet_of(rows: list[Row]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink, compression="zstd")
    return sink.getvalue()


def csv_of(rows: list[Row]) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode()


def well_logs(well: int) -> list[Row]:
    """Depth in metres, gamma ray in API units, resistivity in ohm metres, porosity as a fraction."""
    dice = random.Random(SEED + well)  # noqa: S311 - demo data, not secrets
    rows: list[Row] = []
    for step in range(400):
        shale = 0.5 + 0.5 * math.sin(step / 23 + well)
        rows.append(
            {
                "well": f"W-{well:02d}",
                "depth_m": round(1500 + step * 0.5, 1),
                "gamma_ray_api": round(30 + 90 * shale + dice.gauss(0, 4), 2),
                "resistivity_ohmm": round(10 ** (1.6 - shale + dice.gauss(0, 0.05)), 3),
                "porosity": round(max(0.02, 0.28 - 0.2 * shale + dice.gauss(0, 0.01)), 4),
            }
        )
    return rows


def employees() -> list[Row]:
    dice = random.Random(SEED + 100)  # noqa: S311 - demo data, not secrets
    return [
        {
            "employee_number": 1000 + number,
            "full_name": f"Employee {number:03d}",
            "email": f"employee{number:03d}@example.org",
            "hired_on": f"20{dice.randint(5, 25):02d}-{dice.randint(1, 12):02d}-01",
            "department": dice.choice(["Drilling", "Geology", "Finance", "People"]),
            "salary_eur": 1000 * dice.randint(38, 140),
        }
        for number in range(1, 201)
    ]


def patients() -> list[Row]:
    dice = random.Random(SEED + 200)  # noqa: S311 - demo data, not secrets
    return [
        {
            "patient_pseudonym": f"{dice.getrandbits(64):016x}",
            "birth_year": dice.randint(1935, 2005),
            "diagnosis_icd10": dice.choice(["E11.9", "I10", "J45.0", "M54.5", "C50.9"]),
            "hba1c_percent": round(dice.uniform(4.8, 10.5), 1),
            "smoker": dice.random() < 0.2,
        }
        for _ in range(500)
    ]


def customers() -> list[Row]:
    dice = random.Random(SEED + 300)  # noqa: S311 - demo data, not secrets
    return [
        {
            "customer_id": number,
            "full_name": f"Customer {number:04d}",
            "email": f"customer{number:04d}@example.com",
            "country": dice.choice(["DE", "NO", "FR", "ES", "NL"]),
            "orders_last_year": dice.randint(0, 40),
            "churned": dice.random() < 0.15,
        }
        for number in range(1, 1001)
    ]


def core_photo(number: int) -> bytes:
    """A small PNG (RFC 2083) of layered rock, drawn by arithmetic."""
    dice = random.Random(SEED + 400 + number)  # noqa: S311 - demo data, not secrets
    width, height = 96, 64
    bands = [dice.randint(70, 200) for _ in range(12)]
    raw = bytearray()
    for y in range(height):
        raw.append(0)
        for x in range(width):
            layer = bands[int((y + 5 * math.sin(x / 17 + number)) / height * 11) % 12]
            raw += bytes((layer, int(layer * 0.85), int(layer * 0.65)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(raw), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def linear_model(name: str, features: list[str]) -> bytes:
    """A model small enough to read: weights by feature, as JSON."""
    dice = random.Random(SEED + len(name))  # noqa: S311 - demo data, not secrets
    weights = {feature: round(dice.gauss(0, 1), 4) for feature in features}
    return json.dumps({"name": name, "kind": "logistic_regression", "weights": weights}, indent=2).encode()


def objects() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Bucket, key, and how its content is made."""
    for well in range(1, 5):
        yield "subsurface", f"wells/logs/v1/well-{well:02d}.parquet", partial(_well_logs, well)
    for number in range(1, 5):
        yield "subsurface", f"wells/core-photos/v1/core-{number:02d}.png", partial(core_photo, number)
    yield "people", "hr/employees/v1/employees.parquet", lambda: parquet_of(employees())
    yield "people", "hr/employees/v1/employees.csv", lambda: csv_of(employees())
    yield "clinic", "research/patients/v1/patients.parquet", lambda: parquet_of(patients())
    yield "commerce", "sales/customers/v1/customers.csv", lambda: csv_of(customers())
    yield "commerce", "sales/customers/v1/customers.parquet", lambda: parquet_of(customers())
    lithology = ["gamma_ray_api", "resistivity_ohmm", "porosity"]
    yield "models", "lithology/classifier/v1/model.json", lambda: linear_model("lithology", lithology)
    churn = ["orders_last_year", "country"]
    yield "models", "churn/predictor/v1/model.json", lambda: linear_model("churn", churn)


def _well_logs(well: int) -> bytes:
    return parquet_of(well_logs(well))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
