// Helpers in C, one an ioctl of VFIO or iommufd: each fills the argument in and makes the call. What `call` and `files` are stands in
// reproBlocks.ts.

export const setContainer = `static void set_container(int group, int container)
{
	int fd = opened(container);

	call("VFIO_GROUP_SET_CONTAINER", group,
	     VFIO_GROUP_SET_CONTAINER, &fd);
}`;

export const setIommu = `static void set_iommu(int container)
{
	call("VFIO_SET_IOMMU", container, VFIO_SET_IOMMU,
	     (void *)VFIO_TYPE1v2_IOMMU);
}`;

export const unsetContainer = `static void unset_container(int group)
{
	call("VFIO_GROUP_UNSET_CONTAINER", group,
	     VFIO_GROUP_UNSET_CONTAINER, NULL);
}`;

export const mapDma = `static void map_dma(int container, __u64 iova, __u64 size)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (unsigned long)memory(size),
		.iova = iova,
		.size = size,
	};

	call("VFIO_IOMMU_MAP_DMA", container, VFIO_IOMMU_MAP_DMA, &map);
}`;

export const unmapDma = `static void unmap_dma(int container, __u64 iova, __u64 size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = size,
	};

	call("VFIO_IOMMU_UNMAP_DMA", container,
	     VFIO_IOMMU_UNMAP_DMA, &unmap);
}`;

export const bindDevice = `static void bind_device(int device, int iommufd)
{
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind),
		.iommufd = opened(iommufd),
	};

	if (files[device].id != 0)
		return;
	if (call("VFIO_DEVICE_BIND_IOMMUFD", device,
		 VFIO_DEVICE_BIND_IOMMUFD, &bind) == 0)
		files[device].id = bind.out_devid;
}`;

export const attachDevice = `static void attach_device(int device, __u32 page_table)
{
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = page_table,
	};

	if (call("VFIO_DEVICE_ATTACH_IOMMUFD_PT", device,
		 VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach) == 0)
		say("%s: page table %u", files[device].path, attach.pt_id);
}`;

export const detachDevice = `static void detach_device(int device)
{
	struct vfio_device_detach_iommufd_pt detach = {
		.argsz = sizeof(detach),
	};

	call("VFIO_DEVICE_DETACH_IOMMUFD_PT", device,
	     VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach);
}`;

export const mapIoas = `static void map_ioas(int iommufd, __u32 ioas,
		     __u64 iova, __u64 size)
{
	struct iommu_ioas_map map = {
		.size = sizeof(map),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA |
			 IOMMU_IOAS_MAP_READABLE |
			 IOMMU_IOAS_MAP_WRITEABLE,
		.ioas_id = ioas,
		.user_va = (unsigned long)memory(size),
		.length = size,
		.iova = iova,
	};

	call("IOMMU_IOAS_MAP", iommufd, IOMMU_IOAS_MAP, &map);
}`;

export const unmapIoas = `static void unmap_ioas(int iommufd, __u32 ioas,
		       __u64 iova, __u64 size)
{
	struct iommu_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas_id = ioas,
		.iova = iova,
		.length = size,
	};

	call("IOMMU_IOAS_UNMAP", iommufd, IOMMU_IOAS_UNMAP, &unmap);
}`;

export const makeTable = `static __u32 make_table(int iommufd, int device,
			__u32 ioas, __u32 flags)
{
	struct iommu_hwpt_alloc alloc = {
		.size = sizeof(alloc),
		.flags = flags,
		.dev_id = files[device].id,
		.pt_id = ioas,
	};

	call("IOMMU_HWPT_ALLOC", iommufd, IOMMU_HWPT_ALLOC, &alloc);
	return alloc.out_hwpt_id;
}`;

export const destroyTable = `static void destroy_table(int iommufd, __u32 table)
{
	struct iommu_destroy destroy = {
		.size = sizeof(destroy),
		.id = table,
	};

	call("IOMMU_DESTROY", iommufd, IOMMU_DESTROY, &destroy);
}`;

/** What an address space needs before anything is attached to it. */
export const makeIoas = `static __u32 make_ioas(int iommufd)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };

	call("IOMMU_IOAS_ALLOC", iommufd, IOMMU_IOAS_ALLOC, &alloc);
	return alloc.out_ioas_id;
}`;

/** What the program cannot call by itself: it stops and asks. */
export const byHand = `static void by_hand(const char *what)
{
	fprintf(stderr, "now do by hand: %s; then press Enter\\n", what);
	while (getchar() > '\\n')
		;
}`;
