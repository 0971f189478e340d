"""Files that other programs read: TRC, MOT, STO, C3D and COCO."""
