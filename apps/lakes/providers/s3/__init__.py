"""S3 and STS: one adapter for AWS, Ceph RGW, MinIO and the demo lake; what differs is data in `flavors`."""

from apps.lakes.providers.s3.adapter import S3Provider

__all__ = ["S3Provider"]
